export {
  DEFAULT_SETS,
  featurize,
  featurizeArch,
  FEATURE_SETS,
  type FeatureSetName,
  type FeaturizeOptions,
} from './featurize.js'
export { FUSION_HEAD, fusionRulesOf, type FusionFile, type FusionTest } from './fusion-file.js'
