import { LetiError, type Arch } from '@leti/records'
import { NETWORKS } from './networks.js'

/** A network of ncnn's benchmark, by ncnn's name. */
export interface NcnnArch {
  readonly name: string
}

export const NCNN_NAMES: readonly string[] = Object.keys(NETWORKS)

/**
 * The network that an `arch` names.
 *
 * @throws {LetiError} `bad-arch` where the zoo has no such network
 */
export function parseNcnnArch({ name }: Omit<Arch, 'space'>): NcnnArch {
  if (typeof name === 'string' && Object.hasOwn(NETWORKS, name)) return { name }
  throw new LetiError('bad-arch', `ncnn's ${JSON.stringify(name)} is not in the zoo`)
}
