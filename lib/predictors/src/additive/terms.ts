import {
  parseFeatureName,
  type FeatureScope,
  type Features,
  type Schema,
  type Static,
} from '@leti/records'
import { entered, STANDARDIZATION } from '../design.js'
import { columnsOf } from '../feature-columns.js'
import { isWorkCount } from '../feature-roles.js'
import type { LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'

/**
 * The levels of detail of an additive model, from coarse to fine. Each has a penalty of its own and is left
 * out if the latencies do not call for it. Products of two counts model devices whose latency is not linear
 * in the counts; products along the critical path are a level of their own.
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

/** Scopes of features that are levels of the same name; features of other scopes are `written`. */
const LEVEL_SCOPES = [
  'pruned',
  'executed',
  'path',
  'sibling',
  'stage',
  'choice',
] as const satisfies readonly Level[]

export const TERM = {
  type: 'object',
  description: 'A standardized column of the regression: a feature, or the product of two.',
  required: ['features', 'level', 'mean', 'scale'],
  properties: {
    features: {
      type: 'array',
      items: { type: 'string' },
      description: 'The feature, or the factors of the product.',
    },
    level: { enum: LEVELS, description: 'Level of detail.' },
    ...STANDARDIZATION,
  },
} as const satisfies Schema

/** A standardized column of the regression: a feature, or the product of two. */
export type Term = Static<typeof TERM>

/** Columns are duplicates if their absolute correlation is within this of 1. */
const SAME = 1e-9

/**
 * The terms of all varying features. Of columns that are multiples of each other in these samples, one is
 * kept: that of the executed network, if there is one, since it is what runs if another network tells them
 * apart.
 *
 * @param varying names of features that are not constant
 */
export function termsOf(
  samples: readonly Sample[],
  varying: readonly string[],
  latencyScale: LatencyScale,
): Term[] {
  const kept: Term[] = []
  const columns: Float64Array[] = []
  const add = (features: string[], level: Level): void => {
    const values = valuesOf(features, samples, latencyScale)
    const { mean, scale } = spread(values)
    if (!(scale > 0)) return
    const column = values.map((x) => (x - mean) / scale)
    if (columns.some((other) => areSame(column, other))) return
    columns.push(column)
    kept.push({ features, level, mean, scale })
  }
  for (const name of inOrder(varying)) {
    const { scope } = parseFeatureName(name)
    // An edge of the cell does no work.
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

/** Features of the executed network first, then those of the pruned one. */
function inOrder(names: readonly string[]): string[] {
  const scopes = names.map((name) => parseFeatureName(name).scope)
  const of = (scope: FeatureScope) => names.filter((_, i) => scopes[i] === scope)
  const others = names.filter((_, i) => scopes[i] !== 'executed' && scopes[i] !== 'pruned')
  return [...of('executed'), ...of('pruned'), ...others]
}

/** The factors of products: counts of kernels that do work, of executed kernels if they are known. */
function factorsOf(names: readonly string[]): string[] {
  const counts = names.map((name) => ({ name, ...parseFeatureName(name) })).filter(isWorkCount)
  const base = counts.some(({ scope }) => scope === 'executed') ? 'executed' : 'kernel'
  return counts
    .filter(({ scope }) => scope === base || scope === 'path')
    .map(({ name }) => name)
    .slice(0, MAX_FACTORS)
}

/** Limits the products to less than a hundred. */
const MAX_FACTORS = 12

/** The values of a term before standardization; the samples have its features. */
export function valuesOf(
  names: readonly string[],
  samples: readonly Sample[],
  latencyScale: LatencyScale,
): Float64Array {
  const columns = columnsOf(samples)
  const products = new Float64Array(samples.length).fill(1)
  for (const name of names) {
    const column = columns.get(name) as Float64Array
    for (let i = 0; i < products.length; i++) products[i] *= entered(column[i], latencyScale)
  }
  return products
}

/** The value of a term before standardization. */
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

/** Whether two standardized columns are multiples of each other. */
function areSame(a: Float64Array, b: Float64Array): boolean {
  // Such columns, or one and the negative of the other, differ by less than this in every row. Most do not in the first.
  const most = 1.01 * Math.sqrt(2 * SAME * a.length)
  let [like, unlike] = [true, true]
  for (let i = 0; i < a.length && (like || unlike); i++) {
    if (Math.abs(a[i] - b[i]) > most) like = false
    if (Math.abs(a[i] + b[i]) > most) unlike = false
  }
  return (like || unlike) && 1 - Math.abs(correlation(a, b)) < SAME
}

function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum / a.length
}
