import { deviationOf, mapeFloorOf, noiseOfVisits } from '@leti/measurements'
import type { Statistic } from '@leti/records'
import { byNetwork } from './networks.js'
import type { Sample } from './sample.js'

/**
 * The MAPE that no predictor can beat on these networks, %: the noise of the latencies that it is compared with.
 * It comes from `quality`, which detrend adds for the median and the quickest run, or from networks that were measured twice.
 *
 * @returns `undefined` if too few networks were measured twice to tell, and `quality` does not
 */
export function mapeFloor(
  samples: readonly Sample[],
  statistic: Statistic = 'median',
): number | undefined {
  const networks = byNetwork(samples).map((indices) => indices.map((index) => samples[index]))
  const repeated = noiseOfVisits(
    networks.flatMap(([a, b]) => (b ? [Math.log(b.latency_ms / a.latency_ms)] : [])),
  )
  const deviations = networks.flatMap((own) => {
    const known = own.length === 1 ? deviationOf(own[0].quality, statistic) : undefined
    if (known !== undefined) return [known]
    return repeated === undefined ? [] : [repeated / Math.sqrt(own.length)]
  })
  return deviations.length ? mapeFloorOf(deviations) : undefined
}
