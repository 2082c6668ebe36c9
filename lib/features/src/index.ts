export { featurize, type Featurized, type FeaturizeOptions } from './featurize.js'
export { fusionRulesOf, fusionText, type FusionFile, type FusionTest } from './fusion-file.js'
export type { FeatureSetName } from './names.js'
