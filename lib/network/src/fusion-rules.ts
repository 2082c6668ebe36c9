import type { FusionRules } from './fuse.js'
import type { OperatorType } from './operators.js'

const CLAMPS: readonly OperatorType[] = ['relu', 'relu6', 'relu_n1_to_1']

/** Functions of one element, and of two tensors element by element. */
const ELEMENTWISE: readonly OperatorType[] = [
  ...CLAMPS,
  'elu',
  'hard_swish',
  'leaky_relu',
  'prelu',
  'rsqrt',
  'sigmoid',
  'tanh',
  'add',
  'sub',
  'mul',
  'div',
]

const WITH_WEIGHTS: readonly OperatorType[] = [
  'conv2d',
  'depthwise_conv2d',
  'dense',
  'transpose_conv2d',
]

/** Which operators the runtimes run in the kernel of the operator before them, by runtime. */
export const RUNTIME_FUSION = {
  // tfjs-converter's grappler passes and fuse_prelu: what `_FusedConv2D`, `FusedDepthwiseConv2dNative`
  // and `_FusedMatMul` take, https://github.com/tensorflow/tfjs/tree/master/tfjs-converter.
  tfjs: rulesOf(
    ['conv2d', 'depthwise_conv2d', 'dense'],
    ['relu', 'relu6', 'elu', 'prelu', 'leaky_relu'],
  ),
  // What XNNPACK clamps in its own kernel: `has_clamp` in src/subgraph.c. Sums, products and the like
  // it clamps afterwards (`xnn_define_binary` in src/subgraph/binary.c), whatever the model file says.
  litert: rulesOf([...WITH_WEIGHTS, 'max_pool', 'avg_pool'], CLAMPS),
  // MergeNodes in tensorflow/lite/delegates/gpu/common/gpu_model.cc: whatever is element by element
  // is linked to the operation before it, whose only reader it is.
  'tflite-gpu': rulesOf(
    [
      ...WITH_WEIGHTS,
      ...ELEMENTWISE,
      'max_pool',
      'avg_pool',
      'global_avg_pool',
      'mean',
      'concat',
      'matmul',
      'pad',
      'slice',
      'reshape',
      'resize_bilinear',
      'resize_nearest',
      'softmax',
    ],
    ELEMENTWISE,
  ),
} as const satisfies Record<string, FusionRules>

export type RuntimeWithRules = keyof typeof RUNTIME_FUSION

function rulesOf(before: readonly OperatorType[], after: readonly OperatorType[]): FusionRules {
  const taken = new Set(after)
  return new Map(before.map((type) => [type, taken]))
}
