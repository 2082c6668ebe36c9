import type { Io } from '@leti/pipe'
import type { HeldOutNetwork, Predictor } from '@leti/predictors'
import { BoundRaise } from '@leti/search'
import { coverageAt } from './judging.js'
import type { Objective } from './objectives/objective.js'

/**
 * How much the upper bounds of a predictor must be raised for this search, by what its training networks say. Says so
 * if they must.
 */
export async function boundRaise(
  predictor: Predictor,
  objective: Objective,
  risk: number,
  io: Io,
): Promise<BoundRaise> {
  const networks = predictor.heldOut(coverageAt(risk))
  const values = await valuesOf(networks, objective)
  const tried = networks.map(({ latency_ms, predicted_ms, high_ms }, i) => ({
    latency_ms: predicted_ms,
    value: values[i],
    excess: latency_ms / high_ms,
  }))
  const raise = new BoundRaise(tried, risk)
  const { largest } = raise
  if (largest) {
    io.warn(
      `${largest.broken} of the ${raise.alike} training networks that this search would have proposed took longer than ` +
        `their upper bounds at risk ${risk}: bounds are raised up to ${largest.factor.toPrecision(3)} times; a predictor ` +
        'of another kind, or of more networks, may find better ones',
    )
  }
  return raise
}

/** The objective of each network. Its MACs stand for one that is not known of all, or is too slow to ask for. */
async function valuesOf(
  networks: readonly HeldOutNetwork[],
  objective: Objective,
): Promise<readonly number[]> {
  const macs = networks.map(({ features }) => features.macs)
  if (objective.isSlow) return macs
  const asked = networks.map(({ id, features }) => ({ id, features }))
  const values: readonly (number | undefined)[] = await objective.valuesOf(asked)
  const known = values.filter((value) => value !== undefined)
  return known.length === networks.length ? known : macs
}
