import type { Sample } from './sample.js'

/** The values of each feature, by name, in the order of the samples. */
export type FeatureColumns = ReadonlyMap<string, Float64Array>

const known = new WeakMap<readonly Sample[], FeatureColumns>()

/**
 * The features that the first sample has. Cached, since several kinds are fitted to the same samples: to look up
 * hundreds of names in thousands of objects takes longer than some of these fits.
 */
export function columnsOf(samples: readonly Sample[]): FeatureColumns {
  const columns = known.get(samples) ?? readAll(samples)
  known.set(samples, columns)
  return columns
}

function readAll(samples: readonly Sample[]): FeatureColumns {
  const names = Object.keys(samples[0].features)
  const columns = names.map(() => new Float64Array(samples.length))
  samples.forEach(({ features }, row) => {
    for (let i = 0; i < names.length; i++) columns[i][row] = features[names[i]]
  })
  return new Map(names.map((name, i) => [name, columns[i]]))
}
