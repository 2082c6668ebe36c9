import { isObject } from '@leti/records'
import type { Shape, Size, Volume } from './shapes.js'
import type { DilatedWindow, Window } from './windows.js'

/** Run-time check of a member of an operator that comes from a record. */
export type Check<T> = (value: unknown) => value is T

/** A check for each member of an operator besides `type`. */
export type Members<O> = {
  readonly [K in Exclude<keyof O, 'type'>]-?: Check<O[K]>
}

/** Far above the sizes of any network, far below what fills the memory. */
const MAX_COUNT = 1 << 24
const MAX_RANK = 6

/** A size: 1 or more. */
export const isCount: Check<number> = (value) => isWhole(value, 1)
/** A number of an axis or an element: 0 or more. */
export const isIndex: Check<number> = (value) => isWhole(value, 0)
/** A step in either direction. */
export const isStride: Check<number> = (value): value is number =>
  isWhole(value, -MAX_COUNT) && value !== 0
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value)
export const isFlag: Check<boolean> = (value) => typeof value === 'boolean'

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= MAX_RANK && value.every(check)
}

export function pairOf<T>(check: Check<T>): Check<readonly [T, T]> {
  const isList = listOf(check)
  return (value): value is readonly [T, T] => isList(value) && value.length === 2
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => value === undefined || check(value)
}

export const isSize: Check<Size> = pairOf(isCount)
export const isVolume: Check<Volume> = (value): value is Volume =>
  isShape(value) && value.length === 3
export const isShape: Check<Shape> = listOf(isCount)

const isPadding: Check<Window['padding']> = (value) => value === 'same' || value === 'valid'

export const isWindow: Check<Window> = objectOf(windowMembers(isSize))
export const isDilatedWindow = dilatedWindowOf(isSize)

/** @param isLengths checks the numbers for each axis */
export function dilatedWindowOf<S extends readonly number[]>(
  isLengths: Check<S>,
): Check<DilatedWindow<S>> {
  return objectOf<DilatedWindow<S>>({
    ...windowMembers(isLengths),
    dilations: optional(isLengths),
  })
}

function windowMembers<S extends readonly number[]>(isLengths: Check<S>) {
  return { size: isLengths, strides: isLengths, padding: isPadding }
}

function objectOf<T>(members: Members<T>): Check<T> {
  const checks = Object.entries<Check<unknown>>(members)
  return (value): value is T =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(members, name)) &&
    checks.every(([name, check]) => check(value[name]))
}

function isWhole(value: unknown, least: number): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MAX_COUNT
  )
}
