import { LetiError, type Arch } from '@leti/records'
import { NETWORKS } from './networks.js'

/** A network of ncnn's benchmark. */
export interface NcnnArch {
  readonly name: string
}

export const NCNN_NAMES: readonly string[] = Object.keys(NETWORKS)

/**
 * Parses the name of a network.
 *
 * @throws {LetiError} `bad-arch` if the zoo lacks the network
 */
export function parseNcnnArch({ name }: Omit<Arch, 'space'>): NcnnArch {
  if (typeof name === 'string' && Object.hasOwn(NETWORKS, name)) return { name }
  throw new LetiError(
    'bad-arch',
    `unknown network of ncnn ${JSON.stringify(name)}; known: ${NCNN_NAMES.join(', ')}`,
  )
}
