export { AGREEMENT_TITLES, agreement, agreementCells, type Agreement } from './agreement.js'
export { changePoints } from './change-points.js'
export type { Corrected } from './corrected.js'
export { detrend, type Detrended, type Visit } from './detrend.js'
export { firstPairs, type FirstPair } from './first-pairs.js'
export { leastLatencies } from './least.js'
export { medianOf, quantileOf } from './order-statistics.js'
export type { Pool } from './pool.js'
export { kendall, spearman } from './ranks.js'
export { bestRepetitions, varianceBetween, type Revisit, type Sitting } from './repetitions.js'
export {
  deviationOf,
  mapeFloorOf,
  noiseOfVisits,
  repeatability,
  type Repeatability,
} from './repeatability.js'
