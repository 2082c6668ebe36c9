// Predictors of published tables, and the cells of a table whose latency is their own.
import { loadPredictor } from '../../lib/predictors/dist/index.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { trainPredictor } from '../../lib/predictors/dist/train.js'

/**
 * Published latencies that are so far from a predictor of 1,000 cells are taken for another cell's: some cells of
 * LatBench have one.
 */
const STRANGE = 0.3
const MANY = 1000

/** The samples whose latency is not taken for another cell's. */
export async function usualOf(samples) {
  const oracle = await trained('additive', shuffled(samples, 99).slice(0, MANY))
  return samples.filter((sample) => {
    const predicted = predictedBy(oracle, sample, 0.9)?.latency_ms
    return predicted && Math.abs(sample.latency_ms / predicted - 1) < STRANGE
  })
}

export async function trained(model, samples) {
  const set = {
    device: 'table',
    conditions: {},
    differences: [],
    environment: {},
    spaces: ['nb201'],
    statistic: 'median',
    samples,
  }
  const options = { model, latencyScale: 'linear', folds: 10, seed: 0 }
  return loadPredictor(JSON.stringify(await trainPredictor(set, options)))
}

/** `undefined` if the predictor refuses the cell: `search` leaves it out. */
export function predictedBy(predictor, { id, features }, coverage) {
  try {
    return predictor.predict({ id, features }, coverage)
  } catch (error) {
    if (error.name === 'LetiError') return undefined
    throw error
  }
}
