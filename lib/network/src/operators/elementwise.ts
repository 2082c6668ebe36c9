import { free, unchanged, type Entries } from './entry.js'
import { isNumber, optional } from './members.js'

/**
 * Functions of one element that have no parameter. A new one is one line here: its name becomes a type
 * of operator, and `tsc` then names the tables of the model formats that miss it.
 */
export const ELEMENTWISE_FUNCTIONS = {
  relu: entry((x) => Math.max(x, 0), { clamp: [0, Infinity], isNonNegative: true }),
  relu6: entry((x) => limited(x, 0, 6), { clamp: [0, 6], isNonNegative: true }),
  relu_n1_to_1: entry((x) => limited(x, -1, 1), { clamp: [-1, 1] }),
  elu: entry((x) => (x < 0 ? Math.expm1(x) : x)),
  hard_swish: entry((x) => (x * limited(x + 3, 0, 6)) / 6),
  // The operator is the exact GELU, by the error function; this is off by less than 0.02.
  gelu: entry((x) => x * sigmoid(1.702 * x), { isApproximate: true }),
  sigmoid: entry(sigmoid, { isNonNegative: true }),
  tanh: entry(Math.tanh),
  softplus: entry((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), {
    isNonNegative: true,
  }),
  exp: entry(Math.exp, { isNonNegative: true }),
  log: entry(Math.log, { isOfPositive: true }),
  abs: entry(Math.abs, { isNonNegative: true }),
  neg: entry((x) => -x),
  sign: entry(Math.sign),
  floor: entry(Math.floor),
  ceil: entry(Math.ceil),
  round: entry(roundedToEven),
  sin: entry(Math.sin),
  cos: entry(Math.cos),
  sqrt: entry(Math.sqrt, { isOfPositive: true, isNonNegative: true }),
  rsqrt: entry((x) => 1 / Math.sqrt(x), { isOfPositive: true, isNonNegative: true }),
}

export type ElementwiseType = keyof typeof ELEMENTWISE_FUNCTIONS

export const ELEMENTWISE_TYPES = Object.keys(ELEMENTWISE_FUNCTIONS) as readonly ElementwiseType[]

/** Type guard for a function of one element without parameters. */
export function isElementwiseFunction(operator: {
  readonly type: string
}): operator is ElementwiseFunction {
  return Object.hasOwn(ELEMENTWISE_FUNCTIONS, operator.type)
}

/** Whether the function only limits its input to a range. */
export function isClamp(type: ElementwiseType): boolean {
  return ELEMENTWISE_FUNCTIONS[type].clamp !== undefined
}

/** Whether the operator is a function that is defined for positive numbers only. */
export function isOfPositive(operator: { readonly type: string }): boolean {
  return isElementwiseFunction(operator) && ELEMENTWISE_FUNCTIONS[operator.type].isOfPositive
}

/** A function of one element, without parameters. */
export interface ElementwiseFunction {
  readonly type: ElementwiseType
}

/** Multiplies elements below zero by `alpha`. */
export interface LeakyRelu {
  readonly type: 'leaky_relu'
  readonly alpha: number
}

/** Limits elements to [min, max]; an absent bound does not limit them. */
export interface Clip {
  readonly type: 'clip'
  readonly min?: number
  readonly max?: number
}

export type Elementwise = ElementwiseFunction | LeakyRelu | Clip

export const ELEMENTWISE: Entries<Elementwise> = {
  ...ELEMENTWISE_FUNCTIONS,
  leaky_relu: {
    family: 'elementwise',
    arity: 1,
    members: { alpha: isNumber },
    shape: unchanged,
    cost: free,
  },
  clip: {
    family: 'elementwise',
    arity: 1,
    members: { min: optional(isNumber), max: optional(isNumber) },
    shape: (clip, [input]) => (hasRange(clip) ? input : undefined),
    cost: free,
  },
}

interface Traits {
  /** The bounds, if the function only limits its input to a range. */
  readonly clamp?: readonly [low: number, high: number]
  /** Whether the function is defined for positive numbers only. */
  readonly isOfPositive?: boolean
  /** Whether no value of the function is below zero. */
  readonly isNonNegative?: boolean
  /** Whether `apply` is an approximation, too coarse to compute constants with. */
  readonly isApproximate?: boolean
}

/** Whether a clip has a bound, and its bounds are in order: runtimes disagree about others. */
function hasRange({ min, max }: Clip): boolean {
  return (min ?? max) !== undefined && (min ?? -Infinity) <= (max ?? Infinity)
}

/** The entry of a function of one element. */
function entry(apply: (x: number) => number, traits: Traits = {}) {
  const { clamp, isOfPositive = false, isNonNegative = false, isApproximate = false } = traits
  return {
    family: 'elementwise',
    arity: 1,
    members: {},
    shape: unchanged,
    cost: free,
    apply,
    clamp,
    isOfPositive,
    isNonNegative,
    isApproximate,
  } as const
}

function limited(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high)
}

/** Rounds halves to the even neighbor, as all formats do. */
function roundedToEven(x: number): number {
  const low = Math.floor(x)
  if (x - low !== 0.5) return Math.round(x)
  return low % 2 === 0 ? low : low + 1
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
