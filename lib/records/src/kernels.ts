import { LetiError } from './errors.js'
import type { KernelWork, LetiRecord } from './record.js'
import { isObject } from './validate.js'

/** A network of more different kernels than this is none. */
const MAX_KERNELS = 100_000
const MAX_RANK = 8

/**
 * The record's kernels.
 *
 * @throws {LetiError} `missing-feature` where it has none, `bad-input` where one is damaged
 */
export function kernelsOf({ kernels }: LetiRecord): KernelWork[] {
  if (!kernels)
    throw new LetiError('missing-feature', 'no "kernels": run featurize --kernels first')
  const list: unknown = kernels
  if (!Array.isArray(list) || list.length > MAX_KERNELS) throw bad('kernels', 'a list')
  list.forEach((kernel, index) => checkKernel(kernel, `kernels[${index}]`))
  return kernels
}

function checkKernel(kernel: unknown, place: string): void {
  if (!isObject(kernel)) throw bad(place, 'an object')
  if (typeof kernel.type !== 'string') throw bad(`${place}.type`, 'a string')
  for (const name of ['macs', 'input_bytes', 'output_bytes', 'weight_bytes']) {
    if (!isSize(kernel[name])) throw bad(`${place}.${name}`, 'a number of at least 0')
  }
  if (!isCount(kernel.count)) throw bad(`${place}.count`, 'a whole number of at least 1')
  const { input_shapes } = kernel
  if (!Array.isArray(input_shapes)) throw bad(`${place}.input_shapes`, 'a list of shapes')
  for (const shape of [...(input_shapes as unknown[]), kernel.output_shape]) {
    if (!isShape(shape)) throw bad(place, 'made of shapes')
  }
  for (const name of ['window', 'strides', 'dilations']) {
    const size = kernel[name]
    if (size === undefined) continue
    if (!isShape(size) || size.length !== 2) throw bad(`${place}.${name}`, 'a height and a width')
  }
  if (kernel.groups !== undefined && !isCount(kernel.groups)) {
    throw bad(`${place}.groups`, 'a whole number of at least 1')
  }
  const { fused } = kernel
  if (
    fused !== undefined &&
    !(Array.isArray(fused) && fused.every((of) => typeof of === 'string'))
  ) {
    throw bad(`${place}.fused`, 'a list of types')
  }
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_RANK && value.every(isCount)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity
}

function bad(place: string, expected: string): LetiError {
  return new LetiError('bad-input', `"${place}" must be ${expected}`)
}
