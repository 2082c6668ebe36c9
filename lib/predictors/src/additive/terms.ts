import { LetiError, type Features } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { entered } from '../design.js'
import type { Sample, Target } from '../model.js'

/**
 * The levels of an additive model, coarse to fine. Each is shrunk on its own, and enters only where
 * cross-validation wants it: the network as written, what is executed of it, the critical path,
 * kernels that read the same, kernels by stage, single choices, and products of two counts, for devices that bend, with those along the
 * critical path apart.
 */
export const LEVELS = [
  'written',
  'pruned',
  'executed',
  'path',
  'sibling',
  'stage',
  'choice',
  'product',
  'path_product',
] as const

export type Level = (typeof LEVELS)[number]

const PREFIXES: readonly (readonly [Level, RegExp])[] = [
  ['pruned', /^pruned_/],
  ['executed', /^executed_/],
  ['path', /^path_/],
  ['sibling', /^sibling_/],
  ['stage', /^stage\d+_/],
  ['choice', /^choice_/],
]

/** A column of the regression: a feature or the product of two, standardised. */
export interface Term {
  readonly features: readonly string[]
  readonly level: Level
  readonly mean: number
  readonly scale: number
}

/** Columns whose correlation is within this of 1 say the same. */
const SAME = 1e-9

/**
 * The terms of the features that vary; of those that are multiples of each other the first.
 *
 * @param varying names of features that are not the same in all samples
 */
export function termsOf(
  samples: readonly Sample[],
  varying: readonly string[],
  target: Target,
): Term[] {
  const kept: Term[] = []
  const columns: Float64Array[] = []
  const add = (features: readonly string[], level: Level): void => {
    const values = Float64Array.from(samples, (sample) =>
      valueOf(features, sample.features, target),
    )
    const { mean, scale } = spread(values)
    if (!(scale > 0)) return
    const column = values.map((x) => (x - mean) / scale)
    if (columns.some((other) => 1 - Math.abs(correlation(column, other)) < SAME)) return
    columns.push(column)
    kept.push({ features, level, mean, scale })
  }
  // Where the edges of a cell lead is no work of its own.
  for (const name of varying) if (!name.startsWith('graph_')) add([name], levelOf(name))
  const factors = factorsOf(kept.map(({ features }) => features[0]))
  factors.forEach((first, i) => {
    for (const second of factors.slice(i)) {
      const along = [first, second].some((name) => name.startsWith('path'))
      add([first, second], along ? 'path_product' : 'product')
    }
  })
  return kept
}

/** Of which products are made: counts of kernels that do work, of what is executed where it is known. */
function factorsOf(names: readonly string[]): string[] {
  const executed = names.filter((name) => EXECUTED_FACTOR.test(name))
  const found = executed.some((name) => name.startsWith('executed'))
    ? executed
    : names.filter((name) => WRITTEN_FACTOR.test(name))
  return found.slice(0, MAX_FACTORS)
}

const WORK = '(?:conv2d|depthwise_conv2d|max_pool|avg_pool|add|concat)'
const EXECUTED_FACTOR = new RegExp(`^(?:executed|path)_${WORK}.*_count$`)
const WRITTEN_FACTOR = new RegExp(`^(?:kernel|path)_${WORK}.*_count$`)

/** So that their products stay fewer than a hundred. */
const MAX_FACTORS = 12

/** A term's value before it is standardised. */
export function valueOf(names: readonly string[], features: Features, target: Target): number {
  let product = 1
  for (const name of names) product *= entered(features[name], target)
  return product
}

function levelOf(name: string): Level {
  return PREFIXES.find(([, prefix]) => prefix.test(name))?.[0] ?? 'written'
}

function spread(values: Float64Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  const scale = Math.sqrt(squares / values.length)
  return { mean, scale: scale > 1e-12 * Math.abs(mean) ? scale : 0 }
}

function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum / a.length
}

/** @throws {LetiError} `usage` where the value is no term */
export function toTerm(value: unknown, place: string): Term {
  const term = object(value, place)
  const scale = finiteNumber(term.scale, `${place}.scale`)
  if (scale <= 0) throw new LetiError('usage', `"${place}.scale" must be positive`)
  return {
    features: list(term.features, `${place}.features`).map((name) =>
      text(name, `${place}.features`),
    ),
    level: oneOf(term.level, `${place}.level`, LEVELS),
    mean: finiteNumber(term.mean, `${place}.mean`),
    scale,
  }
}
