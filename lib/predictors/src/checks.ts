import { isObject, LetiError } from '@leti/records'

// Checks of untrusted members of a predictor file. Each returns the value with its type, or throws a
// `usage` error that names the member and says what it must be.

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
