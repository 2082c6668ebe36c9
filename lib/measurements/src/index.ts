export { detrend, type Corrected, type Detrended, type Visit } from './detrend.js'
export { medianOf, quantileOf } from './order-statistics.js'
export { repeatability, type Repeatability } from './repeatability.js'
