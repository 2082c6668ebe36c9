import {
  elements,
  ELEMENTWISE_FUNCTIONS,
  entryOf,
  isElementwiseFunction,
  sigmoid,
  type ElementwiseType,
  type Network,
  type Node,
  type Operator,
  type OperatorFamily,
  type OperatorOf,
  type OperatorType,
} from '@leti/network'
import { throughCurve } from './curve.js'
import {
  mixtureMoments,
  productMoments,
  secondMoment,
  sumMoments,
  type Moments,
} from './moments.js'

/**
 * Approximates the moments of the value of every node, as moving statistics of a batch norm would record
 * them. The order of magnitude suffices to keep activations near one.
 */
export function activationMoments({ nodes }: Network): Moments[] {
  const moments: Moments[] = []
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => moments[input])
    const sources = node.inputs.map((input) => nodes[input])
    moments.push(outputMoments(inputs, { node, sources }))
  }
  return moments
}

function outputMoments(inputs: readonly Moments[], context: Context): Moments {
  const { operator } = context.node
  const { family, filter } = entryOf(operator)
  if (isElementwiseFunction(operator)) return elementwiseMoments(inputs[0], operator.type)
  if (filter) return NORMALIZED
  const rule = TYPE_RULES[operator.type] as Rule | undefined
  return (rule ?? FAMILY_RULES[family])(inputs, operator, context)
}

/** A unit normal: batch norms leave one, and the scales of seeded filters are chosen for one. */
const NORMALIZED: Moments = { mean: 0, variance: 1 }

/** Moments of an operator's output from those of its inputs. */
type Rule<O extends Operator = Operator> = (
  inputs: readonly Moments[],
  operator: O,
  context: Context,
) => Moments

interface Context {
  readonly node: Node
  /** The nodes of the inputs. */
  readonly sources: readonly Node[]
}

/** What operators without a filter do to the magnitude, except those of `TYPE_RULES`. */
const FAMILY_RULES: Readonly<Record<OperatorFamily, Rule>> = {
  source: () => NORMALIZED,
  product: (inputs, _operator, { sources: [{ shape }] }) => {
    const { mean, variance } = productMoments(inputs)
    const terms = shape[shape.length - 1]
    return { mean: terms * mean, variance: terms * variance }
  },
  window: unchanged,
  elementwise: unchanged,
  normalization: () => NORMALIZED,
  resize: unchanged,
  movement: unchanged,
  unknown: () => NORMALIZED,
}

/** Operators that change the magnitude in a way that their family does not. */
const TYPE_RULES: { readonly [T in OperatorType]?: Rule<OperatorOf<T>> } = {
  // `lib/devices` feeds inputs that are uniform in [-1, 1).
  input: () => ({ mean: 0, variance: 1 / 3 }),
  // Seeded constants are uniform in [0, 1).
  constant: (_inputs, { value }) =>
    value === undefined ? { mean: 1 / 2, variance: 1 / 12 } : { mean: value, variance: 0 },

  clip: ([input], { min = -Infinity, max = Infinity }) =>
    throughCurve(input, (x) => Math.min(Math.max(x, min), max)),
  softmax: (_inputs, _operator, { node: { shape } }) => {
    const mean = 1 / shape[shape.length - 1]
    return { mean, variance: mean * mean }
  },

  // A quotient keeps the magnitude of its dividend: a divisor is a sum of weights or a deviation.
  add: sumMoments,
  sub: ([a, b]) => ({ mean: a.mean - b.mean, variance: a.variance + b.variance }),
  mul: (inputs, _operator, { node, sources: [, gate] }) => {
    const isSwish = gate.operator.type === 'sigmoid' && gate.inputs[0] === node.inputs[0]
    return isSwish ? throughCurve(inputs[0], (x) => x * sigmoid(x)) : productMoments(inputs)
  },

  max_pool: largest,
  reduce_max: largest,

  concat: (inputs, _operator, { sources }) =>
    mixtureMoments(
      inputs,
      sources.map(({ shape }) => elements(shape)),
    ),
}

/** The largest of a few elements lies about one deviation above their mean. */
function largest([{ mean, variance }]: readonly Moments[]): Moments {
  return { mean: mean + Math.sqrt(variance), variance }
}

/** The moments of the first input: an approximation if the operator changes them a little. */
function unchanged([input]: readonly Moments[]): Moments {
  return input
}

function elementwiseMoments(input: Moments, type: ElementwiseType): Moments {
  const { apply, isOfPositive } = ELEMENTWISE_FUNCTIONS[type]
  // Such a function needs a positive argument, which a normal may not be: take it at the magnitude.
  if (isOfPositive) return { mean: apply(Math.sqrt(secondMoment(input))), variance: 0 }
  return throughCurve(input, apply)
}
