import { MAPE_OF_NOISE, noiseOfVisits } from '@leti/measurements'
import { byNetwork } from './networks.js'
import type { Sample } from './sample.js'

/**
 * The MAPE that no predictor can beat on these networks, %: the noise of the latencies that it is compared with.
 * It comes from `quality`, which detrend adds, or from networks that were measured twice.
 *
 * @returns `undefined` if too few networks were measured twice to tell
 */
export function mapeFloor(samples: readonly Sample[]): number | undefined {
  const networks = byNetwork(samples).map((indices) => indices.map((index) => samples[index]))
  const repeated = noiseOfVisits(
    networks.flatMap(([a, b]) => (b ? [Math.log(b.latency_ms / a.latency_ms)] : [])),
  )
  const deviations = networks.flatMap((own) => {
    const [{ quality }] = own
    if (own.length === 1 && quality?.noise !== undefined) {
      return [quality.noise / Math.sqrt(Math.max(1, quality.visits ?? 1))]
    }
    return repeated === undefined ? [] : [repeated / Math.sqrt(own.length)]
  })
  if (!deviations.length) return undefined
  const sum = deviations.reduce((total, deviation) => total + deviation, 0)
  return (100 * MAPE_OF_NOISE * sum) / deviations.length
}
