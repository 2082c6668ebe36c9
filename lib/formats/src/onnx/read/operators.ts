import {
  ARITHMETIC,
  clip,
  hardSigmoid,
  leakyRelu,
  maximum,
  minimum,
  power,
  prelu,
  reciprocal,
  sum,
} from './arithmetic.js'
import type { NodeReader } from './call.js'
import {
  cast,
  constant,
  constantOfShape,
  expand,
  onConstants,
  range,
  shapeOf,
} from './constants.js'
import { conv, convTranspose } from './convolutions.js'
import { ELEMENTWISE } from './elementwise.js'
import { depthToSpace, resize } from './images.js'
import { batchNorm, instanceNorm, layerNorm } from './norms.js'
import { averagePool, maxPool } from './pooling.js'
import { gemm, matMul } from './products.js'
import {
  dequantize,
  dynamicQuantize,
  integerConv,
  integerMatMul,
  quantizedConv,
  quantizedMatMul,
  sameNumbers,
} from './quantized.js'
import { globalPool, reduction, softmax } from './reductions.js'
import { flatten, reshape, squeeze, transpose, unsqueeze } from './shapes.js'
import { concat, gather, pad, slice, split } from './slices.js'

const unchanged: NodeReader = (call) => call.input(0)

/**
 * How each operator of ONNX is read. An operator that is missing here is kept as unknown.
 * Operators: https://onnx.ai/onnx/operators/
 */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ...ELEMENTWISE,
  // LETI applies these to constants only.
  ['Floor', onConstants(Math.floor)],
  ['Ceil', onConstants(Math.ceil)],
  ['LeakyRelu', leakyRelu],
  ['PRelu', prelu],
  ['Clip', clip],
  ['Max', maximum],
  ['Min', minimum],
  ['HardSigmoid', hardSigmoid],
  ['Softmax', softmax],

  ...ARITHMETIC,
  ['Sum', sum],
  ['Pow', power],
  ['Reciprocal', reciprocal],

  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['BatchNormalization', batchNorm],
  ['LayerNormalization', layerNorm],
  ['InstanceNormalization', instanceNorm],

  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
  ['GlobalAveragePool', globalPool('mean')],
  ['GlobalMaxPool', globalPool('reduce_max')],
  ['ReduceMean', reduction('mean')],
  ['ReduceMax', reduction('reduce_max')],
  ['Resize', resize],
  ['Upsample', resize],
  ['DepthToSpace', depthToSpace],

  ['Concat', concat],
  ['Split', split],
  ['Slice', slice],
  ['Gather', gather],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
  ['Identity', unchanged],
  ['Dropout', unchanged],

  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Shape', shapeOf],
  ['Expand', expand],
  ['Range', range],
  ['Cast', cast],

  ['QuantizeLinear', sameNumbers],
  ['DequantizeLinear', dequantize],
  ['DynamicQuantizeLinear', dynamicQuantize],
  ['QLinearConv', quantizedConv],
  ['QLinearMatMul', quantizedMatMul],
  ['ConvInteger', integerConv],
  ['MatMulInteger', integerMatMul],
])
