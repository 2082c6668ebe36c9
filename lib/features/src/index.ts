export { featurize, type Featurized, type FeaturizeOptions } from './featurize.js'
export { FUSION_HEAD, fusionRulesOf, type FusionFile, type FusionTest } from './fusion-file.js'
export type { FeatureSetName } from './names.js'
