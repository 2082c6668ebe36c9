import type { RuntimeWithRules } from './names.js'
import { ELEMENTWISE_TYPES, isClamp, operatorTypes, type OperatorType } from './operators/index.js'

/**
 * The operators that run in the kernel of the operator before them: for the type of the last operator
 * in a kernel, the types that may follow. Every runtime also folds batch norms into `WEIGHTED`.
 */
export type FusionRules = ReadonlyMap<OperatorType, ReadonlySet<OperatorType>>

/** Operators that multiply by a filter. */
export const WEIGHTED: readonly OperatorType[] = operatorTypes(
  (entry) => entry.filter !== undefined && entry.family !== 'normalization',
)

const CLAMPS: readonly OperatorType[] = ELEMENTWISE_TYPES.filter(isClamp)

/** Elementwise operators that the GPU delegate lacks: `OperationType` in gpu/common/operations.h. */
const NOT_ON_GPU: readonly OperatorType[] = ['gelu', 'softplus', 'sign', 'ceil', 'round']

/** Functions of one element and arithmetic on two tensors. */
const GPU_ELEMENTWISE = operatorTypes(({ family }) => family === 'elementwise').filter(
  (type) => !NOT_ON_GPU.includes(type),
)

/** The activations that both TensorFlow.js and TFLite run within the operator before. */
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number]
export const FUSED_ACTIVATIONS = ['relu', 'relu6'] as const

/** Operators into which every runtime fuses an activation. */
const ACTIVATED: readonly OperatorType[] = ['conv2d', 'depthwise_conv2d', 'dense']

/** What every converter fuses. */
export const CONVERTERS: FusionRules = rulesOf(ACTIVATED, FUSED_ACTIVATIONS)

/**
 * What LETI fuses in the .tflite files that it writes. TensorFlow's converter also fuses activations
 * into pools, where LETI writes them as operators of their own.
 */
export const TFLITE_FILES: FusionRules = rulesOf(
  [...ACTIVATED, 'batch_norm', 'add', 'sub', 'mul', 'div'],
  FUSED_ACTIVATIONS,
)

/** The rules of each runtime. */
export const RUNTIME_FUSION = {
  // tfjs-converter's grappler passes and fuse_prelu: what `_FusedConv2D`, `FusedDepthwiseConv2dNative`
  // and `_FusedMatMul` take, https://github.com/tensorflow/tfjs/tree/master/tfjs-converter.
  tfjs: rulesOf(ACTIVATED, ['relu', 'relu6', 'elu', 'prelu', 'leaky_relu']),
  // What XNNPACK clamps in its own kernel: `has_clamp` in src/subgraph.c. Sums, products and the like
  // it clamps afterwards (`xnn_define_binary` in src/subgraph/binary.c), whatever the model file says.
  litert: rulesOf([...WEIGHTED, 'max_pool', 'avg_pool'], CLAMPS),
  // MergeNodes in tensorflow/lite/delegates/gpu/common/gpu_model.cc links elementwise operators to the
  // operator before them if nothing else reads it.
  'tflite-gpu': rulesOf(
    [
      ...operatorTypes(({ family }) => ['product', 'window', 'resize'].includes(family)),
      ...GPU_ELEMENTWISE,
      'concat',
      'pad',
      'slice',
      'reshape',
      'softmax',
    ],
    GPU_ELEMENTWISE,
  ),
} as const satisfies Record<RuntimeWithRules, FusionRules>

function rulesOf(before: readonly OperatorType[], after: readonly OperatorType[]): FusionRules {
  const taken = new Set(after)
  return new Map(before.map((type) => [type, taken]))
}
