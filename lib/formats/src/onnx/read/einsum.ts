import { elements, sameShape, type Shape } from '@leti/network'
import { multiplied } from '../../importer/matrices.js'
import type { Result } from '../../importer/operation.js'
import { isConstant, type Value } from '../../importer/value.js'
import type { Call, NodeResult } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// `Einsum` of two tensors that is a product of matrices: https://onnx.ai/onnx/operators/onnx__Einsum.html

/** A tensor, with the letter of each of its axes. */
interface Term {
  readonly value: Value
  readonly labels: readonly string[]
}

/** Letters by what the product does with their axes. */
interface Roles {
  /** Axes of both tensors and of the output. */
  readonly batch: readonly string[]
  readonly left: readonly string[]
  readonly right: readonly string[]
  /** Axes that are summed over. */
  readonly inner: readonly string[]
}

/** A product whose axes are all of one of four roles. A diagonal, an ellipsis or another sum has no equivalent. */
export function einsum(call: Call): NodeResult {
  const [a, b, ...others] = termsOf(call) ?? []
  const equation = call.text('equation').replaceAll(' ', '')
  if (!a || !b || others.length > 0) return undefined
  const output = outputOf(equation, [...a.labels, ...b.labels])
  // A dense layer has its matrix on the right.
  const [left, right] = isConstant(a.value) ? [b, a] : [a, b]
  const roles = output && rolesOf(left, right, output)
  const sizes = sizesOf([left, right])
  if (!roles || !sizes) return undefined
  const result = product(call, left, right, roles, sizes, output)
  return result && new OrderedTensor(result)
}

function termsOf(call: Call): readonly Term[] | undefined {
  const sides = call.text('equation').replaceAll(' ', '').split('->')[0].split(',')
  if (sides.length !== call.inputs.length) return undefined
  const terms = sides.map((side, index) => {
    const value = call.input(index).plain(call.op)
    const labels = Array.from(side)
    const fits = value?.shape.length === labels.length && labels.every(isLetter)
    return fits && isDistinct(labels) ? { value, labels } : undefined
  })
  return terms.every((term) => term !== undefined) ? terms : undefined
}

/**
 * Without an arrow the output has the letters that occur once, in alphabetical order. Where capitals come in it
 * is not specified.
 */
function outputOf(equation: string, labels: readonly string[]): readonly string[] | undefined {
  if (!equation.includes('->')) {
    const text = labels.join('')
    if (text !== text.toLowerCase() && text !== text.toUpperCase()) return undefined
    return labels.filter((label) => labels.indexOf(label) === labels.lastIndexOf(label)).sort()
  }
  const output = Array.from(equation.split('->')[1] ?? '')
  return isDistinct(output) && output.every((label) => labels.includes(label)) ? output : undefined
}

function rolesOf(a: Term, b: Term, output: readonly string[]): Roles | undefined {
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const left = a.labels.filter((label) => !shared.includes(label))
  const right = b.labels.filter((label) => !shared.includes(label))
  // A letter of one tensor only must be in the output: otherwise its axis is summed before the product.
  if (![...left, ...right].every((label) => output.includes(label))) return undefined
  return {
    batch: shared.filter((label) => output.includes(label)),
    inner: shared.filter((label) => !output.includes(label)),
    left,
    right,
  }
}

/** The size of each letter; undefined if one is broadcast. */
function sizesOf(terms: readonly Term[]): ReadonlyMap<string, number> | undefined {
  const sizes = new Map<string, number>()
  for (const { value, labels } of terms) {
    for (const [axis, label] of labels.entries()) {
      const size = value.shape[axis]
      if ((sizes.get(label) ?? size) !== size) return undefined
      sizes.set(label, size)
    }
  }
  return sizes
}

function product(
  call: Call,
  a: Term,
  b: Term,
  { batch, left, right, inner }: Roles,
  sizes: ReadonlyMap<string, number>,
  output: readonly string[],
): Result {
  const { op } = call
  const of = (labels: readonly string[]): Shape => labels.map((label) => sizes.get(label) ?? 1)
  const [matrices, depth, columns] = [of(batch), elements(of(inner)), elements(of(right))]
  // Without batch the left tensor keeps its axes: a dense layer takes any number of them.
  const own = of(left)
  const rows = batch.length === 0 && own.length > 0 ? own : [elements(own)]
  const first = arranged(call, 'left', a, [...batch, ...left, ...inner])
  const second = arranged(call, 'right', b, [...batch, ...inner, ...right])
  const x = first && op.named('rows').reshape(first, [...matrices, ...rows, depth])
  const y = second && op.named('columns').reshape(second, [...matrices, depth, columns])
  const multiplication = x && y && multiplied(op.named('product'), x, y)
  const axes = [...batch, ...left, ...right]
  const split = multiplication && op.named('split').reshape(multiplication, of(axes))
  if (!split || sameShape(axes.map(indexIn(axes)), output.map(indexIn(axes)))) return split
  return op.transpose(split, output.map(indexIn(axes)))
}

function arranged(call: Call, name: string, term: Term, order: readonly string[]): Result {
  return call.op.named(name).transpose(term.value, order.map(indexIn(term.labels)))
}

function indexIn(labels: readonly string[]): (label: string) => number {
  return (label) => labels.indexOf(label)
}

function isLetter(label: string): boolean {
  return /^[a-z]$/i.test(label)
}

function isDistinct(labels: readonly string[]): boolean {
  return new Set(labels).size === labels.length
}
