import type { Shape } from '@leti/network'
import { resolveRange } from './axes.js'
import type { Value } from './value.js'
import type { Operation } from './operation.js'

/**
 * One entry of TensorFlow's strided slice: an index or a range of the next axis, a new axis of size 1,
 * or `rest`, which takes as many axes whole as the other entries leave.
 * https://www.tensorflow.org/api_docs/python/tf/strided_slice
 */
export type Entry = Index | Range | { readonly kind: 'new' } | { readonly kind: 'rest' }

interface Index {
  readonly kind: 'index'
  readonly begin: number | undefined
  readonly stride: number
}

interface Range {
  readonly kind: 'range'
  /** Negative counts from the end; undefined takes all that there is in that direction. */
  readonly begin: number | undefined
  readonly end: number | undefined
  readonly stride: number
}

/** The arguments of the operator in a file; bit `i` of a mask is about entry `i`. */
export interface StridedSliceArguments {
  readonly begins: readonly number[]
  readonly ends: readonly number[]
  readonly strides: readonly number[]
  readonly beginMask: number
  readonly endMask: number
  readonly ellipsisMask: number
  readonly newAxisMask: number
  readonly shrinkAxisMask: number
}

/** @returns undefined if the arguments do not fit each other */
export function entriesOf(args: StridedSliceArguments): Entry[] | undefined {
  const { begins, ends, strides } = args
  const fits = ends.length === begins.length && strides.length === begins.length
  if (!fits || strides.includes(0)) return undefined
  return begins.map((value, index): Entry => {
    const has = (mask: number): boolean => (mask & (1 << index)) !== 0
    const stride = strides[index]
    const begin = has(args.beginMask) ? undefined : value
    if (has(args.ellipsisMask)) return { kind: 'rest' }
    if (has(args.newAxisMask)) return { kind: 'new' }
    if (has(args.shrinkAxisMask)) return { kind: 'index', begin, stride }
    return { kind: 'range', begin, end: has(args.endMask) ? undefined : ends[index], stride }
  })
}

/** Part of an axis of the input, or a new axis; the axis of an index is dropped from the result. */
interface Part {
  readonly kind: 'axis' | 'new' | 'dropped'
  readonly begin: number
  readonly size: number
  readonly step: number
}

/** The sliced tensor with all axes of the input, and the shape that the entries give it. */
export function stridedSlice(
  op: Operation,
  input: Value,
  entries: readonly Entry[],
): { value: Value; shape: Shape } | undefined {
  const parts = partsOf(entries, input.shape)
  if (!parts) return undefined
  const axes = parts.filter(({ kind }) => kind !== 'new')
  const value = op.slice(
    input,
    axes.map(({ begin }) => begin),
    axes.map(({ size }) => size),
    axes.map(({ step }) => step),
  )
  const shape = parts.filter(({ kind }) => kind !== 'dropped').map(({ size }) => size)
  return value && { value, shape }
}

function partsOf(entries: readonly Entry[], shape: Shape): Part[] | undefined {
  const used = entries.filter(({ kind }) => kind === 'index' || kind === 'range').length
  const parts: Part[] = []
  let axis = 0
  const takeWhole = (until: number): void => {
    for (; axis < until; axis++) parts.push(whole(shape[axis]))
  }
  for (const entry of entries) {
    if (entry.kind === 'rest') {
      takeWhole(Math.min(axis + shape.length - used, shape.length))
    } else if (entry.kind === 'new') {
      parts.push({ kind: 'new', begin: 0, size: 1, step: 1 })
    } else if (axis >= shape.length) {
      return undefined
    } else {
      parts.push(partOf(entry, shape[axis++]))
    }
  }
  takeWhole(shape.length)
  return parts
}

function partOf(entry: Index | Range, length: number): Part {
  const end = entry.kind === 'range' ? entry.end : undefined
  const { begin, size } = resolveRange(length, entry.begin, end, entry.stride)
  return entry.kind === 'range'
    ? { kind: 'axis', begin, size, step: entry.stride }
    : { kind: 'dropped', begin, size: 1, step: 1 }
}

function whole(size: number): Part {
  return { kind: 'axis', begin: 0, size, step: 1 }
}
