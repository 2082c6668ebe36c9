/**
 * What a user reads of each kind of predictor: its name in `train --model` and in predictor files, and a
 * few words for `train --help`. The code of the kinds is in `index.ts`: `--help` does not load it.
 */
export const PREDICTOR_KIND_SUMMARIES = {
  flops: 'a line through the MACs alone',
  linear: 'ordinary least squares on all features',
  ridge: 'ridge regression on all features, its strength cross-validated',
  lut: 'a table of the cost of each kind of kernel, from profiles or from whole networks',
  additive: 'a robust sum over kernels, levels of detail weighed by maximum likelihood',
  gp: 'a Gaussian process on what the additive model leaves',
  gbdt: 'gradient-boosted trees on the logarithm of the latency',
  kernels: 'the sum of what the kernels cost, for any network',
  mlp: 'a multilayer perceptron on all features; slow to train',
  gcn: "BRP-NAS's graph-convolutional network; wants featurize's sets proxies,graph; slow to train",
  auto: 'the best of flops, lut, additive, gp and gbdt by cross-validation, or a blend of them',
  transfer: 'a sum of the predictions of --reference predictors, for 5 to 50 measurements',
} as const

export type PredictorKindName = keyof typeof PREDICTOR_KIND_SUMMARIES

export const PREDICTOR_KIND_NAMES = Object.keys(PREDICTOR_KIND_SUMMARIES) as PredictorKindName[]

/** The kinds that can only be fitted with predictors of other devices. */
export const NEED_REFERENCES: readonly PredictorKindName[] = ['transfer']
