/** The tensors that an operator keeps: what a `constant` holds is its value. */
export type WeightRole = 'filter' | 'bias' | 'value'

/**
 * Where the numbers of a network's weights come from: the tensor of the node of this name, in the
 * layout of `filterShape`, made anew by each call. A tensor lives no longer than its reader wants it.
 */
export type Weights = (node: string, role: WeightRole) => Float32Array

/** How the numbers are stored in a model file. */
export const WEIGHT_TYPES = ['float32', 'float16'] as const
export type WeightType = (typeof WEIGHT_TYPES)[number]
