import { LetiError, parseFeatureName, type FeatureScope, type Features } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { entered } from '../design.js'
import { isWorkCount } from '../feature-roles.js'
import type { LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'

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

/** Features of these scopes are a level of their own; all others are of the network as written. */
const LEVEL_SCOPES = [
  'pruned',
  'executed',
  'path',
  'sibling',
  'stage',
  'choice',
] as const satisfies readonly Level[]

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
  latencyScale: LatencyScale,
): Term[] {
  const kept: Term[] = []
  const columns: Float64Array[] = []
  const add = (features: readonly string[], level: Level): void => {
    const values = Float64Array.from(samples, (sample) =>
      valueOf(features, sample.features, latencyScale),
    )
    const { mean, scale } = spread(values)
    if (!(scale > 0)) return
    const column = values.map((x) => (x - mean) / scale)
    if (columns.some((other) => 1 - Math.abs(correlation(column, other)) < SAME)) return
    columns.push(column)
    kept.push({ features, level, mean, scale })
  }
  for (const name of varying) {
    const { scope } = parseFeatureName(name)
    // An edge of a cell is no work of its own.
    if (scope !== 'graph') add([name], levelOf(scope))
  }
  const factors = factorsOf(kept.map(({ features }) => features[0]))
  factors.forEach((first, i) => {
    for (const second of factors.slice(i)) {
      const along = [first, second].some((name) => parseFeatureName(name).scope === 'path')
      add([first, second], along ? 'path_product' : 'product')
    }
  })
  return kept
}

/** Of which products are made: counts of kernels that do work, of what is executed where it is known. */
function factorsOf(names: readonly string[]): string[] {
  const counts = names.map((name) => ({ name, ...parseFeatureName(name) })).filter(isWorkCount)
  const base = counts.some(({ scope }) => scope === 'executed') ? 'executed' : 'kernel'
  return counts
    .filter(({ scope }) => scope === base || scope === 'path')
    .map(({ name }) => name)
    .slice(0, MAX_FACTORS)
}

/** So that their products stay fewer than a hundred. */
const MAX_FACTORS = 12

/** A term's value before it is standardised. */
export function valueOf(
  names: readonly string[],
  features: Features,
  latencyScale: LatencyScale,
): number {
  let product = 1
  for (const name of names) product *= entered(features[name], latencyScale)
  return product
}

function levelOf(scope: FeatureScope | undefined): Level {
  return LEVEL_SCOPES.find((level) => level === scope) ?? 'written'
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
