import { createHash } from 'node:crypto'
import {
  checked,
  LetiError,
  toRecord,
  type LetiRecord,
  type Schema,
  type Static,
} from '@leti/records'

/** How the network of a job is measured: the options of device-run of these names. */
const PROTOCOL = {
  type: 'object',
  required: ['precision', 'max_seconds', 'timeout', 'verify', 'samples', 'full_delegation'],
  properties: {
    precision: { type: 'number', exclusiveMinimum: 0 },
    max_seconds: { type: 'number', minimum: 0 },
    timeout: { type: 'number', exclusiveMinimum: 0 },
    verify: { type: 'boolean' },
    samples: { type: 'boolean' },
    full_delegation: { type: 'boolean' },
  },
} as const satisfies Schema

const JOB = {
  type: 'object',
  required: ['record', 'protocol', 'visit'],
  properties: {
    record: { type: 'object' },
    protocol: PROTOCOL,
    visit: { type: 'integer', minimum: 1 },
    losses: { type: 'integer', minimum: 0 },
    pool: { type: 'string' },
  },
} as const satisfies Schema

export type JobProtocol = Static<typeof PROTOCOL>

/** What a queue holds: one network to be measured on one device. */
export interface FarmJob {
  readonly record: LetiRecord
  readonly protocol: JobProtocol
  /** Which of the measurements of the network it is, from 1. */
  readonly visit: number
  /** How often the device was lost in its midst. */
  readonly losses?: number | undefined
  /** Name of the pool that the device measures it for; absent: for itself. */
  readonly pool?: string | undefined
}

/** Longest time that a job may ask for, in seconds: a timer takes no more. */
const MOST_SECONDS = 86_400

/**
 * Checks what a queue holds: whoever reaches the server can write there.
 *
 * @throws {LetiError} `bad-input`
 */
export function toJob(value: unknown): FarmJob {
  const { record, protocol, visit, losses, pool } = checked(value, JOB, 'bad-input')
  if (Math.max(protocol.timeout, protocol.max_seconds) > MOST_SECONDS) {
    throw new LetiError('bad-input', `the protocol takes more than ${MOST_SECONDS} s`)
  }
  return { record: toRecord(record), protocol, visit, losses, ...(pool !== undefined && { pool }) }
}

/**
 * The id of a job: the same for the same network, device or pool, protocol and visit, so that a job that is submitted
 * twice is one. BullMQ allows no colon and no number.
 */
export function jobId(device: string, { record, protocol, visit, pool }: FarmJob): string {
  const place = pool === undefined ? device : { pool }
  const text = JSON.stringify([place, membersOf(record), protocol, visit], inOrder)
  return `j${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
}

/** What tells networks apart, as text. */
export function networkOf(record: LetiRecord): string {
  return JSON.stringify(membersOf(record), inOrder)
}

function membersOf({ id, arch, model }: LetiRecord): unknown[] {
  // The path says where the submitter has the model, not which one it is.
  return [id, arch, model && { ...model, path: model.path && 'a file' }]
}

/** A replacer for JSON that writes members in alphabetical order. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
