import type { LetiRecord } from '@leti/records'
import { parseNcnnArch } from './arch.js'

/**
 * The record of a network of ncnn's benchmark, with the id that tables of its results have:
 * `ncnn-squeezenet`.
 *
 * @throws {LetiError} `bad-arch` where the zoo has no such network
 */
export function ncnnRecord(name: string): LetiRecord {
  parseNcnnArch({ name })
  return { id: `ncnn-${name}`, arch: { space: 'ncnn', name } }
}
