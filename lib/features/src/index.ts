export { featurize, FEATURE_SETS, type FeatureSetName } from './featurize.js'
