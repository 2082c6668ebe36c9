import type { LetiRecord } from '@leti/records'
import { parseNcnnArch } from './arch.js'

/**
 * The record of a network of ncnn's benchmark, with the id of the tables of its results, such as
 * `ncnn-squeezenet`.
 *
 * @throws {LetiError} `bad-arch` if the zoo lacks the network
 */
export function ncnnRecord(name: string): LetiRecord {
  parseNcnnArch({ name })
  return { id: `ncnn-${name}`, arch: { space: 'ncnn', name } }
}
