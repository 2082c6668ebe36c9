import { isObject, LetiError } from '@leti/records'

// Members of a `model.json`, which may hold anything.

export type Json = Readonly<Record<string, unknown>>

/** @throws {LetiError} `bad-model` */
export function object(value: unknown, what: string): Json {
  if (isObject(value)) return value
  throw damaged(`${what} is no object`)
}

/** A list, empty where it is absent. */
export function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as unknown[]
  throw damaged(`${what} is no list`)
}

export function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw damaged(`${what} is no text`)
}

/** Sizes of a tensor that the file holds. */
export function sizes(value: unknown, what: string): number[] {
  const result = list(value, what).map(Number)
  if (result.length <= 8 && result.every((size) => Number.isInteger(size) && size >= 0))
    return result
  throw damaged(`${what} is no shape`)
}

/** The error of a file that is not what it says it is. */
export function damaged(what: string): LetiError {
  return new LetiError('bad-model', `a damaged model.json: ${what}`)
}
