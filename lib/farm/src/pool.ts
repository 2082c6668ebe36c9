/** Several phones of one model: each visit of a network is on one of them. */
import { createHash } from 'node:crypto'
import { LetiError, type LetiRecord } from '@leti/records'
import { networkOf, type FarmJob } from './job.js'

export interface Pool {
  readonly name: string
  /** Names of its phones, at least two. */
  readonly units: readonly string[]
}

/**
 * @param text such as `pixel8=pixel-a,pixel-b`
 * @throws {LetiError} `usage`
 */
export function toPool(text: string): Pool {
  const [name, list = '', ...more] = text.split('=').map((part) => part.trim())
  const units = [...new Set(list.split(',').map((unit) => unit.trim()))].sort()
  if (name && units.length > 1 && units.every(Boolean) && !more.length) return { name, units }
  throw new LetiError(
    'usage',
    `--pool ${text}: give two phones or more, as in pixel8=pixel-a,pixel-b`,
  )
}

/**
 * The phone that a visit of a network is for: all in turn, from one that the network alone chooses. So each phone gets
 * networks of all kinds, and the first visits of a network are on different phones.
 */
export function unitOf({ units }: Pool, record: LetiRecord, visit: number): string {
  const digest = createHash('sha256').update(networkOf(record)).digest()
  return units[(digest.readUInt32BE() + visit - 1) % units.length]
}

/** The record of a measurement on a phone of a pool: its device is the pool. */
export function ofPool(record: LetiRecord, { pool }: FarmJob): LetiRecord {
  const { measurement } = record
  if (pool === undefined || !measurement) return record
  return { ...record, measurement: { ...measurement, device: pool, unit: measurement.device } }
}
