import { isObject, LetiError } from '@leti/records'

// Checks members of a `model.json`, which is untrusted input.

export type Json = Readonly<Record<string, unknown>>

/** @throws {LetiError} `bad-model` */
export function object(value: unknown, what: string): Json {
  if (isObject(value)) return value
  throw damaged(`${what} is not an object`)
}

/** A list; an absent one is empty. @throws {LetiError} `bad-model` */
export function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as unknown[]
  throw damaged(`${what} is not a list`)
}

/** @throws {LetiError} `bad-model` */
export function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw damaged(`${what} is not a string`)
}

/** The shape of a weight. @throws {LetiError} `bad-model` */
export function sizes(value: unknown, what: string): number[] {
  const result = list(value, what).map(Number)
  if (result.length <= 8 && result.every((size) => Number.isInteger(size) && size >= 0))
    return result
  throw damaged(`${what} is not a list of sizes`)
}

/** The error for a file that violates the format. */
export function damaged(what: string): LetiError {
  return new LetiError('bad-model', `a damaged model.json: ${what}`)
}
