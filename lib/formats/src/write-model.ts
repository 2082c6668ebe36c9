import { join } from 'node:path'
import { networkCost, type Graphs, type Network } from '@leti/network'
import { LetiError, type Model } from '@leti/records'
import { writeAside, type Earlier } from './aside.js'
import { writerOf } from './format.js'
import { loweredNetwork } from './lowered.js'
import type { WrittenModel } from './model-writer.js'
import { readModel } from './model-file.js'
import { seededWeights } from './weights/seeded.js'
import type { Weights, WeightType } from './weights/weights.js'
import type { Format } from './names.js'

/**
 * A record's `model` before it has a file: its format, the cost of the network as written and, if a
 * converter leaves less of it, that of the executed graph.
 *
 * @param graphs with `batch`, how many inputs they compute at once, if several
 * @throws {LetiError} `unsupported` if nothing is executed
 */
export function describeModel(
  { written, executed, batch }: Graphs & { readonly batch?: number | undefined },
  format: Format,
): Model {
  checkRuns(executed)
  const { parameters, macs } = networkCost(written)
  const model = { format, ...(batch !== undefined && { batch }), parameters, macs }
  if (executed === written) return model
  const { parameters: executed_parameters, macs: executed_macs } = networkCost(executed)
  if (executed_parameters === parameters && executed_macs === macs) return model
  return { ...model, executed_parameters, executed_macs }
}

function checkRuns({ outputs }: Network): void {
  if (outputs.length > 0) return
  throw new LetiError('unsupported', 'the output does not depend on the input: nothing to run')
}

/**
 * Writes a network's model files into the folder `out/<name of the network>`. They appear all at once or
 * not at all.
 *
 * @param network the graph to execute
 * @param weights the values of the weights, or the seed to make them from
 * @param weightType how they are stored
 * @param earlier what becomes of another model of this name and format; the same model may stay
 * @throws {LetiError} `unsupported` if the format lacks one of the operators, or nothing is executed;
 *   `id-taken` if another model is kept
 * @throws the system's error if the files cannot be written
 */
export async function writeModel(
  network: Network,
  format: Format,
  out: string,
  weights: Weights | number,
  weightType: WeightType = 'float32',
  earlier: Earlier = 'replaced',
): Promise<WrittenModel> {
  checkRuns(network)
  const lowered = loweredNetwork(network)
  const source = typeof weights === 'number' ? seededWeights(lowered, weights) : weights
  const written = await writeAside(join(out, network.name), format, earlier, (aside) =>
    writerOf(format)(lowered, source, weightType, aside),
  )
  return weightType === 'float32' ? written : { ...written, weights: weightType }
}

/**
 * Writes a model file's network and weights in a format, into the folder `out/<name of the network>`.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error if a file cannot be read or written
 */
export async function convertModel(
  path: string,
  format: Format,
  out: string,
): Promise<WrittenModel> {
  const { network, weights } = await readModel(path)
  return writeModel(network, format, out, weights)
}
