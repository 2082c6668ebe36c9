/**
 * The names of all sets of features, in the order in which their features are written. `featurize.ts`
 * has their code: `featurize --help` does not load it.
 */
export const FEATURE_SETS = [
  'proxies',
  'operators',
  'cell',
  'choices',
  'kernels',
  'pruned',
  'executed',
  'path',
  'siblings',
  'graph',
  'stages',
] as const

export type FeatureSetName = (typeof FEATURE_SETS)[number]

/** All but `graph`, which only graph neural networks read. */
export const DEFAULT_SETS: readonly FeatureSetName[] = FEATURE_SETS.filter((set) => set !== 'graph')
