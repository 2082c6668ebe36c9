import { LetiError } from '@leti/records'
import type { ReadModel } from '../../read/read-model.js'
import type { TfjsFiles } from './files.js'
import { parseGraph } from './graph.js'
import { isObject } from '@leti/records'
import { readGraph } from './reader.js'

export { readTfjsFiles, type TfjsFiles } from './files.js'

/**
 * Reads a TensorFlow.js model at batch 1. An operator that LETI does not know is kept by its name and
 * shapes.
 *
 * @param name of the network
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function readTfjs({ json, constants }: TfjsFiles, name: string): ReadModel {
  if (isObject(json.modelTopology) && Array.isArray(json.modelTopology.node)) {
    return readGraph(parseGraph(json), constants, name)
  }
  throw new LetiError('unsupported', 'a layers model')
}
