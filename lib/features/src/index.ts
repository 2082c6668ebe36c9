export { DEFAULT_SETS, featurize, FEATURE_SETS, type FeatureSetName } from './featurize.js'
