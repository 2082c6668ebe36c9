import type { Operator, OperatorType } from '@leti/network'
import { isObject, LetiError } from '@leti/records'

type Check = (value: unknown) => boolean

/** Far beyond any network, and far below what fills a memory. */
const MAX_COUNT = 1 << 24
const MAX_RANK = 6

const isCount: Check = (value) => Number.isInteger(value) && inRange(value, 1, MAX_COUNT)
const isIndex: Check = (value) => Number.isInteger(value) && inRange(value, 0, MAX_COUNT)
const isInteger: Check = (value) =>
  Number.isInteger(value) && inRange(value, -MAX_COUNT, MAX_COUNT) && value !== 0
const isNumber: Check = (value) => Number.isFinite(value)
const isFlag: Check = (value) => typeof value === 'boolean'
const listOf =
  (check: Check, length?: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MAX_RANK && (length ?? value.length) === value.length
      ? value.every(check)
      : false
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const isSize = listOf(isCount, 2)
const isShape = listOf(isCount)
const isWindow: Check = (value) =>
  isObject(value) &&
  onlyHas(value, ['size', 'strides', 'padding', 'dilations']) &&
  isSize(value.size) &&
  isSize(value.strides) &&
  (value.padding === 'same' || value.padding === 'valid') &&
  optional(isSize)(value.dilations)

const POOL = { window: isWindow }
const RESIZE = { size: isSize, alignCorners: isFlag, halfPixelCenters: isFlag }

/** The members of each operator beside its type; what no runtime can be given is not here. */
const MEMBERS: Partial<Record<OperatorType, Readonly<Record<string, Check>>>> = {
  input: { shape: isShape },
  constant: { shape: isShape, value: optional(isNumber) },
  conv2d: { filters: isCount, window: isWindow, bias: isFlag, groups: optional(isCount) },
  depthwise_conv2d: { window: isWindow, bias: isFlag, multiplier: optional(isCount) },
  transpose_conv2d: { filters: isCount, window: isWindow, bias: isFlag, outputSize: isSize },
  batch_norm: {},
  relu: {},
  relu6: {},
  relu_n1_to_1: {},
  elu: {},
  hard_swish: {},
  gelu: {},
  sigmoid: {},
  tanh: {},
  rsqrt: {},
  leaky_relu: { alpha: isNumber },
  prelu: {},
  softmax: {},
  max_pool: POOL,
  avg_pool: POOL,
  global_avg_pool: {},
  mean: { axes: listOf(isIndex), keepDims: isFlag },
  dense: { units: isCount, bias: isFlag },
  matmul: { transposeB: isFlag },
  add: {},
  sub: {},
  mul: {},
  div: {},
  concat: { axis: optional(isIndex) },
  channel_shuffle: { groups: isCount },
  truncate: { channels: isCount },
  slice: { begin: listOf(isIndex), size: isShape, strides: optional(listOf(isInteger)) },
  pad: { paddings: listOf(listOf(isIndex, 2)) },
  reshape: { shape: isShape },
  squeeze: { axes: listOf(isIndex) },
  transpose: { permutation: listOf(isIndex) },
  resize_bilinear: RESIZE,
  resize_nearest: RESIZE,
  depth_to_space: { blockSize: isCount },
}

/**
 * The operator that a record describes, as `network` names its members.
 *
 * @throws {LetiError} `bad-arch` where it is none, or has members that it should not have
 */
export function parseOperator(value: Readonly<Record<string, unknown>>, place: string): Operator {
  const { type } = value
  const members =
    typeof type === 'string' && Object.hasOwn(MEMBERS, type)
      ? MEMBERS[type as OperatorType]
      : undefined
  if (!members) throw bad(`${place}: unknown operator ${shown(type)}`)
  for (const name in members) {
    if (!members[name](value[name])) throw bad(`${place}.${name} cannot be ${shown(value[name])}`)
  }
  if (!onlyHas(value, ['type', ...Object.keys(members)])) {
    throw bad(`${place} has members that ${String(type)} does not have`)
  }
  return value as unknown as Operator
}

function inRange(value: unknown, least: number, greatest: number): boolean {
  return typeof value === 'number' && value >= least && value <= greatest
}

function onlyHas(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name))
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 60)
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
