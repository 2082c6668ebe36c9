import { isObject, LetiError } from '@leti/records'

// Checks of a predictor file's members: each returns the value, or throws a `usage` error.

export function object(value: unknown, name: string): Record<string, unknown> {
  if (!isObject(value)) throw wrong(name, 'an object')
  return value
}

export function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(name, 'a list')
  return value
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrong(name, 'a string')
  return value
}

export function finiteNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(name, 'a finite number')
  return value
}

export function oneOf<Name extends string>(
  value: unknown,
  name: string,
  known: readonly Name[],
): Name {
  const found = known.find((candidate) => candidate === value)
  if (found === undefined) throw wrong(name, `one of ${known.join(', ')}`)
  return found
}

function wrong(name: string, expected: string): LetiError {
  return new LetiError('usage', `"${name}" must be ${expected}`)
}
