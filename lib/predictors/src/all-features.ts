import type { Sample } from './sample.js'

/** The samples with the features of all of them: what a network lacks, such as a sort of kernel, is 0. */
export function withAllFeatures(samples: readonly Sample[]): readonly Sample[] {
  const names = new Set(samples.flatMap(({ features }) => Object.keys(features)))
  if (samples.every(({ features }) => Object.keys(features).length === names.size)) return samples
  const none = Object.fromEntries([...names].map((name) => [name, 0]))
  return samples.map((sample) => ({ ...sample, features: { ...none, ...sample.features } }))
}
