import { elements, type Shape } from '@leti/network'
import { multiplied } from './matrices.js'
import type { Operation, Result } from './operation.js'
import { isConstant, type Value } from './value.js'

// `Einsum` as sums and products of matrices: https://onnx.ai/onnx/operators/onnx__Einsum.html

/** A tensor, with the letter of each of its axes; those of an ellipsis count from the end. */
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

/** Several tensors are multiplied from left to right. A diagonal has no equivalent. */
export function einsum(op: Operation, text: string, inputs: readonly Value[]): Result {
  const equation = text.replaceAll(' ', '')
  const terms = termsOf(equation, inputs)
  const output = terms && outputOf(equation, terms)
  if (!terms || !output || !areEqual(terms)) return undefined
  let [result] = terms
  for (const [index, next] of terms.entries()) {
    const own = op.named(`term${index}`)
    const later = terms.slice(index + 1).flatMap(({ labels }) => labels)
    const wanted = new Set([...output, ...later])
    const joined = index === 0 ? result : pairOf(own, result, next, wanted)
    const summed = joined && summedOver(own.named('sum'), joined, wanted)
    if (!summed) return undefined
    result = summed
  }
  return arranged(op, result, output)
}

function termsOf(equation: string, inputs: readonly Value[]): readonly Term[] | undefined {
  const sides = equation.split('->')[0].split(',')
  if (sides.length !== inputs.length) return undefined
  const terms = inputs.map((value, index) => {
    const labels = labelsOf(sides[index], value.shape.length)
    const fits = value.shape.length === labels?.length
    return labels && fits && isDistinct(labels) ? { value, labels } : undefined
  })
  return terms.every((term) => term !== undefined) ? terms : undefined
}

/** The letters of a side; an ellipsis stands for the axes that have no letter. */
function labelsOf(side: string, rank: number): readonly string[] | undefined {
  if (!/^[a-z]*(\.\.\.[a-z]*)?$/i.test(side)) return undefined
  const letters = Array.from(side.replace('...', ''))
  if (!side.includes('.')) return letters
  const others = Math.max(rank - letters.length, 0)
  const dots = Array.from({ length: others }, (_, index) => `.${others - index}`)
  return letters.toSpliced(side.indexOf('.'), 0, ...dots)
}

/**
 * Without an arrow the output has the axes of an ellipsis, and the letters that occur once, in alphabetical order.
 * Where capitals come in it is not specified.
 */
function outputOf(equation: string, terms: readonly Term[]): readonly string[] | undefined {
  const all = terms.flatMap(({ labels }) => labels)
  const dots = [...new Set(all.filter((label) => !isLetter(label)))].sort().reverse()
  if (!equation.includes('->')) {
    const letters = all.filter(isLetter)
    const text = letters.join('')
    if (text !== text.toLowerCase() && text !== text.toUpperCase()) return undefined
    return [
      ...dots,
      ...letters.filter((label) => all.filter((of) => of === label).length === 1).sort(),
    ]
  }
  const side = equation.split('->')[1] ?? ''
  const rank = side.replace('...', '').length + dots.length
  const output = labelsOf(side, rank)
  return output && isDistinct(output) && output.every((label) => all.includes(label))
    ? output
    : undefined
}

/** Whether each letter has one size; none is broadcast. */
function areEqual(terms: readonly Term[]): boolean {
  const sizes = new Map<string, number>()
  return terms.every(({ value, labels }) =>
    labels.every((label, axis) => {
      const size = value.shape[axis]
      const known = sizes.get(label) ?? size
      sizes.set(label, size)
      return known === size
    }),
  )
}

/** Sums over the axes that nothing wants any more. */
function summedOver(
  op: Operation,
  { value, labels }: Term,
  wanted: ReadonlySet<string>,
): Term | undefined {
  const axes = labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]))
  if (axes.length === 0) return { value, labels }
  const sum = op.reduced('reduce_sum', value, axes, false)
  return sum && { value: sum, labels: labels.filter((label) => wanted.has(label)) }
}

/** The product of two tensors, of which each is summed first over the axes that only it has. */
function pairOf(op: Operation, a: Term, b: Term, wanted: ReadonlySet<string>): Term | undefined {
  const first = summedOver(op.named('first'), a, new Set([...wanted, ...b.labels]))
  const second = summedOver(op.named('second'), b, new Set([...wanted, ...a.labels]))
  if (!first || !second) return undefined
  // A dense layer has its matrix on the right.
  const [left, right] = isConstant(first.value) ? [second, first] : [first, second]
  return product(op, left, right, rolesOf(left, right, wanted))
}

function rolesOf(a: Term, b: Term, wanted: ReadonlySet<string>): Roles {
  const shared = a.labels.filter((label) => b.labels.includes(label))
  return {
    batch: shared.filter((label) => wanted.has(label)),
    inner: shared.filter((label) => !wanted.has(label)),
    left: a.labels.filter((label) => !shared.includes(label)),
    right: b.labels.filter((label) => !shared.includes(label)),
  }
}

function product(
  op: Operation,
  a: Term,
  b: Term,
  { batch, left, right, inner }: Roles,
): Term | undefined {
  const sizes = new Map(
    [a, b].flatMap(({ value, labels }) => labels.map((label, axis) => [label, value.shape[axis]])),
  )
  const of = (labels: readonly string[]): Shape => labels.map((label) => sizes.get(label) ?? 1)
  const [matrices, depth, columns] = [of(batch), elements(of(inner)), elements(of(right))]
  // Without batch the left tensor keeps its axes: a dense layer takes any number of them.
  const own = of(left)
  const rows = batch.length === 0 && own.length > 0 ? own : [elements(own)]
  const first = arranged(op.named('left'), a, [...batch, ...left, ...inner])
  const second = arranged(op.named('right'), b, [...batch, ...inner, ...right])
  const x = first && op.named('rows').reshape(first, [...matrices, ...rows, depth])
  const y = second && op.named('columns').reshape(second, [...matrices, depth, columns])
  const multiplication = x && y && multiplied(op.named('product'), x, y)
  const labels = [...batch, ...left, ...right]
  const value = multiplication && op.named('split').reshape(multiplication, of(labels))
  return value && { value, labels }
}

function arranged(op: Operation, { value, labels }: Term, order: readonly string[]): Result {
  if (sameLabels(labels, order)) return value
  return op.transpose(
    value,
    order.map((label) => labels.indexOf(label)),
  )
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label, at) => label === b[at])
}

function isLetter(label: string): boolean {
  return /^[a-z]$/i.test(label)
}

function isDistinct(labels: readonly string[]): boolean {
  return new Set(labels).size === labels.length
}
