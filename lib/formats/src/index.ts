import { join } from 'node:path'
import { fuse, networkCost, type Network } from '@leti/network'
import type { Model } from '@leti/records'
import { toGraphModel } from './tfjs/graph-model.js'
import { writeGraphModel, type WrittenModel } from './tfjs/write.js'

/** How each format writes a network into a folder of its own. */
const WRITERS = {
  tfjs: (network: Network, folder: string, seed: number): Promise<WrittenModel> =>
    writeGraphModel(toGraphModel(fuse(network), seed), folder),
}

export type Format = keyof typeof WRITERS

export const FORMATS = Object.keys(WRITERS) as Format[]

/** What a record's `model` says of a network that was not written: its format and its cost. */
export function describeModel(network: Network, format: Format): Model {
  const { parameters, macs } = networkCost(network)
  return { format, parameters, macs }
}

/**
 * Writes a network's model files, with seeded weights, into the folder `out/<name of the network>`.
 *
 * @throws {LetiError} `unsupported` where the format has no such operator
 */
export async function writeModel(
  network: Network,
  format: Format,
  out: string,
  seed: number,
): Promise<Model> {
  const written = await WRITERS[format](network, join(out, network.name), seed)
  return { ...describeModel(network, format), ...written }
}
