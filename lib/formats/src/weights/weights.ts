/** Which of an operator's weight tensors; a `constant` has a `value`. */
export type WeightRole = 'filter' | 'bias' | 'value'

/** The source of a network's weights. */
export interface Weights {
  /**
   * Makes the tensor of the node with this name, in the layout of `filterShape`. Each call makes the tensor
   * anew, so that only the caller holds it in memory.
   */
  (node: string, role: WeightRole): Float32Array
  /**
   * The numbers of the same filter in TFLite's layout, in pieces, which must not be changed. Absent if the source
   * would have to transpose them.
   */
  readonly tfliteFilter?: (node: string) => Iterable<Float32Array>
}

/** How weights are stored in a model file. */
export const WEIGHT_TYPES = ['float32', 'float16'] as const
export type WeightType = (typeof WEIGHT_TYPES)[number]
