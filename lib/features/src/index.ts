export {
  DEFAULT_SETS,
  featurize,
  FEATURE_SETS,
  type FeatureSetName,
  type Featurized,
  type FeaturizeOptions,
} from './featurize.js'
export { FUSION_HEAD, fusionRulesOf, type FusionFile, type FusionTest } from './fusion-file.js'
