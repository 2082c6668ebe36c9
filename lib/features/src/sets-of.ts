import { parseFeatureName, type FeatureScope } from '@leti/records'
import { FEATURE_SETS, type FeatureSetName } from './names.js'

/** The set that has the features of each scope. */
const SET_OF: Readonly<Record<FeatureScope, FeatureSetName>> = {
  operator: 'operators',
  cell: 'cell',
  choice: 'choices',
  kernel: 'kernels',
  pruned: 'pruned',
  executed: 'executed',
  path: 'path',
  sibling: 'siblings',
  graph: 'graph',
  stage: 'stages',
}

/** The sets that have features with these names, in the order in which `featurize` writes them. */
export function setsOf(names: readonly string[]): FeatureSetName[] {
  const found = new Set(
    names.map((name) => {
      const { scope } = parseFeatureName(name)
      // Features of the whole network have no scope.
      return scope === undefined ? 'proxies' : SET_OF[scope]
    }),
  )
  return FEATURE_SETS.filter((set) => found.has(set))
}
