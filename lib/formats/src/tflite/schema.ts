// Facts of the public TensorFlow Lite schema (version 3): numbers of enums and unions, and the order
// of fields, by the names that it has there.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs

import { BUILTIN_NAMES } from './builtin-names.js'

/** Types of tensors that LETI reads numbers of; others are kept by their number. */
export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2, int64: 4 } as const

export const PADDING = ['same', 'valid'] as const

/** `ActivationFunctionType`, as the operators that they stand for. */
export const ACTIVATIONS = [undefined, 'relu', 'relu_n1_to_1', 'relu6', 'tanh'] as const

/** How a field of an options table is stored. */
interface FieldType {
  readonly kind: 'byte' | 'int' | 'float' | 'ints'
  readonly default: number
}

const BYTE: FieldType = { kind: 'byte', default: 0 }
const INT: FieldType = { kind: 'int', default: 0 }
const FLOAT: FieldType = { kind: 'float', default: 0 }
const INTS: FieldType = { kind: 'ints', default: 0 }
const FACTOR: FieldType = { kind: 'int', default: 1 }

/** A table of the union `BuiltinOptions`: its number there, and its fields in their order. */
export interface OptionsTable {
  readonly union: number
  readonly fields: Readonly<Record<string, FieldType>>
}

const WINDOW = { padding: BYTE, stride_w: INT, stride_h: INT }
const ACTIVATION = { fused_activation_function: BYTE }
const CENTERS = { align_corners: BYTE, half_pixel_centers: BYTE }
const DILATION = { dilation_w_factor: FACTOR, dilation_h_factor: FACTOR }

const CONV: OptionsTable = { union: 1, fields: { ...WINDOW, ...ACTIVATION, ...DILATION } }
const DEPTHWISE: OptionsTable = {
  union: 2,
  fields: { ...WINDOW, depth_multiplier: INT, ...ACTIVATION, ...DILATION },
}
const POOL: OptionsTable = {
  union: 5,
  fields: { ...WINDOW, filter_width: INT, filter_height: INT, ...ACTIVATION },
}
const FULLY_CONNECTED: OptionsTable = {
  union: 8,
  fields: { ...ACTIVATION, weights_format: BYTE, keep_num_dims: BYTE },
}
const STRIDED_SLICE: OptionsTable = {
  union: 32,
  fields: {
    begin_mask: INT,
    end_mask: INT,
    ellipsis_mask: INT,
    new_axis_mask: INT,
    shrink_axis_mask: INT,
    offset: BYTE,
  },
}
const RESIZE_BILINEAR: OptionsTable = {
  union: 15,
  fields: { new_height: INT, new_width: INT, ...CENTERS },
}

/** A builtin operator, and the first runtime that has each version of it that a float model needs. */
export interface Builtin {
  readonly options?: OptionsTable
  /**
   * TensorFlow releases, by version of the operator:
   * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/tools/versioning/runtime_version.cc
   */
  readonly since: Readonly<Record<number, string>>
}

const options = (union: number, fields: OptionsTable['fields'] = {}): OptionsTable => ({
  union,
  fields,
})

/** The operators of `BuiltinOperator` that LETI knows. */
export const BUILTINS = {
  ADD: { options: options(11, ACTIVATION), since: { 1: '1.5.0' } },
  AVERAGE_POOL_2D: { options: POOL, since: { 1: '1.5.0' } },
  CONCATENATION: {
    options: options(10, { axis: INT, ...ACTIVATION }),
    since: { 1: '1.5.0' },
  },
  CONV_2D: { options: CONV, since: { 1: '1.5.0', 6: '2.9.0' } },
  DEPTHWISE_CONV_2D: { options: DEPTHWISE, since: { 1: '1.5.0', 2: '1.12.0' } },
  DEPTH_TO_SPACE: { options: options(94, { block_size: INT }), since: { 1: '2.1.0' } },
  DEQUANTIZE: { options: options(38), since: { 3: '1.15.0' } },
  FULLY_CONNECTED: {
    options: FULLY_CONNECTED,
    since: { 1: '1.5.0', 5: '2.0.0', 6: '2.1.0' },
  },
  LOGISTIC: { since: { 1: '1.14.0' } },
  MAX_POOL_2D: { options: POOL, since: { 1: '1.5.0' } },
  MUL: { options: options(21, ACTIVATION), since: { 1: '1.5.0' } },
  RELU: { since: { 1: '1.5.0' } },
  RELU_N1_TO_1: { since: { 1: '1.5.0' } },
  RELU6: { since: { 1: '1.5.0' } },
  RESHAPE: { options: options(17, { new_shape: INTS }), since: { 1: '1.5.0' } },
  RESIZE_BILINEAR: { options: RESIZE_BILINEAR, since: { 1: '1.7.0', 3: '2.2.0' } },
  SOFTMAX: { options: options(9, { beta: FLOAT }), since: { 1: '1.5.0' } },
  TANH: { since: { 1: '1.14.0' } },
  PAD: { options: options(22), since: { 1: '1.5.0', 4: '2.6.0' } },
  TRANSPOSE: {
    options: options(26),
    since: { 1: '1.6.0', 4: '2.3.0', 6: '2.12.0', 8: '2.22.0' },
  },
  MEAN: { options: options(27, { keep_dims: BYTE }), since: { 1: '1.6.0' } },
  SUB: { options: options(28, ACTIVATION), since: { 1: '1.6.0', 3: '2.3.0' } },
  DIV: { options: options(29, ACTIVATION), since: { 1: '1.6.0', 2: '2.3.0' } },
  SQUEEZE: { options: options(30, { squeeze_dims: INTS }), since: { 1: '1.6.0' } },
  STRIDED_SLICE: { options: STRIDED_SLICE, since: { 1: '1.6.0', 4: '2.2.0' } },
  PRELU: { since: { 1: '1.8.0' } },
  SLICE: { options: options(48), since: { 1: '1.14.0', 5: '2.5.0' } },
  TRANSPOSE_CONV: {
    options: options(49, { ...WINDOW, ...ACTIVATION }),
    since: { 1: '1.9.0', 3: '2.3.0' },
  },
  EXPAND_DIMS: { options: options(52), since: { 1: '1.10.0' } },
  RSQRT: { since: { 1: '1.10.0' } },
  RESIZE_NEAREST_NEIGHBOR: {
    options: options(74, CENTERS),
    since: { 1: '1.13.1', 3: '2.3.0' },
  },
  LEAKY_RELU: { options: options(75, { alpha: FLOAT }), since: { 1: '1.13.1' } },
  ELU: { since: { 1: '1.14.0' } },
  HARD_SWISH: { options: options(91), since: { 1: '1.15.0' } },
  DENSIFY: { options: options(99), since: { 1: '2.2.0' } },
  BATCH_MATMUL: {
    options: options(101, { adj_x: BYTE, adj_y: BYTE }),
    since: { 1: '2.3.0' },
  },
  GELU: { options: options(116, { approximate: BYTE }), since: { 1: '2.9.0' } },
} as const satisfies Record<string, Builtin>

export type BuiltinName = keyof typeof BUILTINS

/** The number of `BuiltinOperator`. */
export function codeOf(name: BuiltinName): number {
  return BUILTIN_NAMES.indexOf(name)
}

/** The operators of one element that have no options. */
export const ELEMENTWISE = {
  relu: 'RELU',
  relu6: 'RELU6',
  relu_n1_to_1: 'RELU_N1_TO_1',
  elu: 'ELU',
  hard_swish: 'HARD_SWISH',
  sigmoid: 'LOGISTIC',
  tanh: 'TANH',
  rsqrt: 'RSQRT',
} as const satisfies Record<string, BuiltinName>

/** The operators of two inputs that are broadcast. */
export const BINARY = {
  add: 'ADD',
  sub: 'SUB',
  mul: 'MUL',
  div: 'DIV',
} as const satisfies Record<string, BuiltinName>
