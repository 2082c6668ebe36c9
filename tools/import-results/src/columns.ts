import { LetiError } from '@leti/records'

/** A member of a record, and the column or the value that it has. */
export type Mapping = readonly (readonly [member: string, from: string])[]

/** Members with numbers of their own, and what turns a value into the record's unit. */
const NUMBERS: Readonly<Record<string, readonly [path: readonly string[], factor: number]>> = {
  latency_ms: [['measurement', 'latency_ms', 'median'], 1],
  latency_us: [['measurement', 'latency_ms', 'median'], 1e-3],
  latency_s: [['measurement', 'latency_ms', 'median'], 1e3],
  mean_ms: [['measurement', 'latency_ms', 'mean'], 1],
  min_ms: [['measurement', 'latency_ms', 'min'], 1],
  std_ms: [['measurement', 'latency_ms', 'std'], 1],
  count: [['measurement', 'latency_ms', 'count'], 1],
  threads: [['measurement', 'threads'], 1],
  batch: [['measurement', 'batch'], 1],
  peak_memory_bytes: [['measurement', 'peak_memory_bytes'], 1],
}

const TEXTS = ['device', 'backend', 'runtime', 'target', 'started_at']

const KNOWN = ['id', ...Object.keys(NUMBERS), ...TEXTS]

const NESTED = /^(arch|features|environment)\.([\w]+)$/

/**
 * Parses `id=arch,latency_ms=lat`.
 *
 * @param option its name, for errors
 * @throws {LetiError} `usage` if it is malformed, or names an unknown member
 */
export function parseMapping(option: string, text: string): Mapping {
  return text.split(',').map((part) => {
    const equals = part.indexOf('=')
    const [member, from] = [part.slice(0, equals).trim(), part.slice(equals + 1).trim()]
    if (equals < 1 || !from) {
      throw new LetiError('usage', `${option}: "${part}" is not MEMBER=NAME, such as id=arch`)
    }
    if (KNOWN.includes(member) || NESTED.test(member)) return [member, from] as const
    const known = `${KNOWN.join(', ')}, arch.NAME, features.NAME, environment.NAME`
    throw new LetiError('usage', `${option}: unknown member "${member}"; known: ${known}`)
  })
}

/** Where a member stands in a record. */
export function pathOf(member: string): readonly string[] {
  const number = NUMBERS[member] as (typeof NUMBERS)[string] | undefined
  if (number) return number[0]
  const [, part, name] = NESTED.exec(member) ?? []
  if (part === 'environment') return ['measurement', part, name]
  if (part !== undefined) return [part, name]
  return member === 'id' ? ['id'] : ['measurement', member]
}

/**
 * The value of a member.
 *
 * @throws {LetiError} `bad-input` if a number is none
 */
export function valueOf(member: string, text: string): unknown {
  const number = NUMBERS[member] as (typeof NUMBERS)[string] | undefined
  if (number || member.startsWith('features.')) {
    const value = Number(text)
    if (Number.isFinite(value)) return number ? value * number[1] : value
    throw new LetiError('bad-input', `${member} is "${text}", which is no number`)
  }
  if (!member.startsWith('arch.')) return text
  // Lists and numbers of an architecture stand in the table as JSON.
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
