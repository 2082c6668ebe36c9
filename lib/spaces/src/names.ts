/** The spaces whose architectures are lists of independent choices: those with `choices`. */
export const CHOICE_SPACES = ['nb201', 'fbnet'] as const

/** The data sets of NAS-Bench-201, as the benchmark spells them. */
export const NB201_DATASETS = ['cifar10', 'cifar100', 'ImageNet16-120'] as const

export { STRATIFICATIONS } from './nb101/stratifications.js'
