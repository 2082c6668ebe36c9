import type { InputShapes } from '../../importer/input-shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import type { TfjsFiles } from './files.js'
import { parseGraph } from './graph.js'
import { object } from './json.js'
import { loweredModel } from './keras/index.js'
import { readGraph } from './reader.js'

export { readTfjsFiles, tfjsWeightParts, type TfjsFiles } from './files.js'

/**
 * Reads a TensorFlow.js model as a network of batch 1. A layers model of Keras is first lowered to a
 * graph model. An operator that LETI does not know is kept by its name and shapes.
 *
 * @param name of the network
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model`, `unsupported`, `bad-arch` if `asked` does not fit the inputs
 */
export function readTfjs(
  { json, constants }: TfjsFiles,
  name: string,
  asked?: InputShapes,
): ReadModel {
  const topology = object(json.modelTopology, 'modelTopology')
  if (Array.isArray(topology.node)) return readGraph(parseGraph(json, asked), constants, name)
  const lowered = loweredModel(topology, constants)
  return readGraph(parseGraph(lowered.json, asked), lowered.constants, name)
}
