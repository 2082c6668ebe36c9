// The part of the public TensorFlow Lite schema (version 3) that LETI needs: numbers of enums and unions,
// and the order of the fields of tables, by their names in the schema.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs

import { BUILTIN_NAMES } from './builtin-names.js'

/** Slots of the fields of the tables that LETI reads, by their names in the schema. */
export const MODEL = { operator_codes: 1, subgraphs: 2, buffers: 4 } as const
export const OPERATOR_CODE = {
  deprecated_builtin_code: 0,
  custom_code: 1,
  version: 2,
  builtin_code: 3,
} as const
export const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 } as const
export const BUFFER = { data: 0, offset: 1, size: 2 } as const
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantization: 4,
  is_variable: 5,
  sparsity: 6,
  shape_signature: 7,
} as const
export const QUANTIZATION = { scale: 2, zero_point: 3, quantized_dimension: 6 } as const
export const OPERATOR = {
  opcode_index: 0,
  inputs: 1,
  outputs: 2,
  builtin_options_type: 3,
  builtin_options: 4,
  custom_options: 5,
} as const
export const SPARSITY = { traversal_order: 0, block_map: 1, dim_metadata: 2 } as const
export const DIMENSION = {
  format: 0,
  dense_size: 1,
  array_segments_type: 2,
  array_segments: 3,
  array_indices_type: 4,
  array_indices: 5,
} as const

/** `DimensionType`: how a dimension of a sparse tensor is stored. */
export const DIMENSION_FORMAT = { dense: 0, sparse_csr: 1 } as const

/** The union `SparseIndexVector`; each of its tables has the slot `values` only. */
export const SPARSE_INDEX_VECTOR = { int32: 1, uint16: 2, uint8: 3, values: 0 } as const

/** `TensorType`: the types whose numbers LETI reads. Tensors of other types have shapes only. */
export const TENSOR_TYPE = {
  float32: 0,
  float16: 1,
  int32: 2,
  uint8: 3,
  int64: 4,
  string: 5,
  bool: 6,
  int16: 7,
  complex64: 8,
  int8: 9,
  int4: 17,
} as const

/** The name of a `TensorType`, for messages. */
export function typeName(type: number): string {
  const known = Object.entries(TENSOR_TYPE).find(([, number]) => number === type)
  return known ? known[0] : `tensor_type_${type}`
}

export const PADDING = ['same', 'valid'] as const

/** `ActivationFunctionType`: LETI's operator for each number, undefined for none and for unknown ones. */
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
const CONV_3D: OptionsTable = {
  union: 106,
  fields: {
    padding: BYTE,
    stride_d: INT,
    stride_w: INT,
    stride_h: INT,
    ...ACTIVATION,
    dilation_d_factor: FACTOR,
    ...DILATION,
  },
}
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
  ABS: { options: options(78), since: { 1: '1.13.0' } },
  ADD: { options: options(11, ACTIVATION), since: { 1: '1.5.0' } },
  ADD_N: { options: options(82), since: { 1: '1.14.0' } },
  AVERAGE_POOL_2D: { options: POOL, since: { 1: '1.5.0' } },
  BROADCAST_TO: { options: options(104), since: { 2: '2.5.0' } },
  CAST: {
    options: options(37, { in_data_type: BYTE, out_data_type: BYTE }),
    since: { 1: '1.5.0' },
  },
  CEIL: { since: { 1: '1.14.0' } },
  COS: { options: options(84), since: { 1: '1.14.0' } },
  CONCATENATION: {
    options: options(10, { axis: INT, ...ACTIVATION }),
    since: { 1: '1.5.0' },
  },
  CONV_2D: { options: CONV, since: { 1: '1.5.0', 6: '2.9.0' } },
  CONV_3D: { options: CONV_3D, since: { 1: '2.5.0' } },
  DEPTHWISE_CONV_2D: { options: DEPTHWISE, since: { 1: '1.5.0', 2: '1.12.0' } },
  DEPTH_TO_SPACE: { options: options(94, { block_size: INT }), since: { 1: '2.1.0' } },
  DEQUANTIZE: { options: options(38), since: { 3: '1.15.0' } },
  EXP: { options: options(33), since: { 1: '1.7.0' } },
  FILL: { options: options(68), since: { 1: '1.13.0' } },
  FLOOR: { since: { 1: '1.9.0' } },
  FLOOR_DIV: { options: options(65), since: { 1: '1.14.0' } },
  FULLY_CONNECTED: {
    options: FULLY_CONNECTED,
    since: { 1: '1.5.0', 5: '2.0.0', 6: '2.1.0' },
  },
  GATHER: { options: options(23, { axis: INT, batch_dims: INT }), since: { 1: '1.6.0' } },
  IF: {
    options: options(92, { then_subgraph_index: INT, else_subgraph_index: INT }),
    since: { 1: '1.15.0' },
  },
  L2_NORMALIZATION: { options: options(12, ACTIVATION), since: { 1: '1.5.0' } },
  LOGISTIC: { since: { 1: '1.14.0' } },
  LOG_SOFTMAX: { options: options(36), since: { 1: '1.9.0' } },
  LOG: { since: { 1: '1.14.0' } },
  MAXIMUM: { options: options(39), since: { 1: '1.14.0' } },
  MAX_POOL_2D: { options: POOL, since: { 1: '1.5.0' } },
  MINIMUM: { options: options(39), since: { 1: '1.14.0' } },
  MIRROR_PAD: { options: options(77, { mode: BYTE }), since: { 1: '1.13.1' } },
  MUL: { options: options(21, ACTIVATION), since: { 1: '1.5.0' } },
  NEG: { options: options(42), since: { 1: '1.9.0' } },
  PACK: { options: options(59, { values_count: INT, axis: INT }), since: { 1: '1.11.0' } },
  PADV2: { options: options(43), since: { 1: '1.9.0' } },
  POW: { options: options(56), since: { 1: '1.10.0' } },
  QUANTIZE: { options: options(89), since: { 1: '1.14.0' } },
  RANGE: { options: options(73), since: { 1: '1.13.0' } },
  RANK: { options: options(86), since: { 1: '1.14.0' } },
  REDUCE_MAX: { options: options(27, { keep_dims: BYTE }), since: { 1: '1.11.0' } },
  REDUCE_MIN: { options: options(27, { keep_dims: BYTE }), since: { 1: '1.11.0' } },
  REDUCE_PROD: { options: options(27, { keep_dims: BYTE }), since: { 1: '1.11.0' } },
  RELU: { since: { 1: '1.5.0' } },
  RELU_N1_TO_1: { since: { 1: '1.5.0' } },
  RELU_0_TO_1: { since: { 1: '2.10.0' } },
  RELU6: { since: { 1: '1.5.0' } },
  REVERSE_V2: { options: options(81), since: { 1: '1.14.0' } },
  RESHAPE: { options: options(17, { new_shape: INTS }), since: { 1: '1.5.0' } },
  RESIZE_BILINEAR: { options: RESIZE_BILINEAR, since: { 1: '1.7.0', 3: '2.2.0' } },
  SIGN: { options: options(123), since: { 1: '2.12.0' } },
  SIN: { since: { 1: '1.9.0' } },
  SOFTMAX: { options: options(9, { beta: FLOAT }), since: { 1: '1.5.0' } },
  SHAPE: { options: options(55, { out_type: BYTE }), since: { 1: '1.10.0' } },
  SPLIT: { options: options(35, { num_splits: INT }), since: { 1: '1.5.0' } },
  SPLIT_V: { options: options(79, { num_splits: INT }), since: { 1: '1.13.1' } },
  SQRT: { since: { 1: '1.10.0' } },
  SQUARE: { options: options(66), since: { 1: '1.12.0' } },
  SQUARED_DIFFERENCE: { options: options(76), since: { 1: '1.13.1' } },
  SUM: { options: options(27, { keep_dims: BYTE }), since: { 1: '1.10.0' } },
  TANH: { since: { 1: '1.14.0' } },
  TILE: { options: options(51), since: { 1: '1.10.1' } },
  UNPACK: { options: options(64, { num: INT, axis: INT }), since: { 1: '1.11.0' } },
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
  SPACE_TO_BATCH_ND: { options: options(27), since: { 1: '1.6.0' } },
  BATCH_TO_SPACE_ND: { options: options(26), since: { 1: '1.6.0' } },
  SLICE: { options: options(48), since: { 1: '1.14.0', 5: '2.5.0' } },
  TRANSPOSE_CONV: {
    options: options(49, { ...WINDOW, ...ACTIVATION }),
    since: { 1: '1.9.0', 3: '2.3.0' },
  },
  EXPAND_DIMS: { options: options(52), since: { 1: '1.10.0' } },
  ROUND: { since: { 1: '1.14.0' } },
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
