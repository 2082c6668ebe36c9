/**
 * Field numbers of the ONNX messages that LETI reads, one table per message, in protobuf's JSON
 * spelling (`op_type` is `opType`).
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export const MODEL = { irVersion: 1, graph: 7, opsetImport: 8, functions: 25 } as const

/** `FunctionProto`: an operator that the file itself defines. */
export const FUNCTION = {
  name: 1,
  input: 4,
  output: 5,
  node: 7,
  opsetImport: 9,
  domain: 10,
  attributeProto: 11,
} as const

export const OPERATOR_SET_ID = { domain: 1, version: 2 } as const

export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
} as const

export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const

export const ATTRIBUTE = {
  name: 1,
  f: 2,
  i: 3,
  s: 4,
  t: 5,
  g: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  type: 20,
  refAttrName: 21,
} as const

export const VALUE_INFO = { name: 1, type: 2 } as const

export const TYPE = { tensorType: 1 } as const

/** `TypeProto.Tensor` */
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const

export const TENSOR_SHAPE = { dim: 1 } as const

/** `TensorShapeProto.Dimension`: a number, or the name of an open size. */
export const DIMENSION = { dimValue: 1, dimParam: 2 } as const

export const TENSOR = {
  dims: 1,
  dataType: 2,
  floatData: 4,
  int32Data: 5,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const

/** `StringStringEntryProto` */
export const ENTRY = { key: 1, value: 2 } as const

/** `TensorProto.DataType` */
export const DATA_TYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
  float8e8m0: 24,
  uint2: 25,
  int2: 26,
} as const

/** Those of `TensorProto.DataType` that hold no real numbers. */
export const NOT_NUMBERS: ReadonlyMap<number, string> = new Map([
  // Other values than tensors state no data type.
  [0, 'a sequence, an optional value or a map'],
  [8, 'a tensor of strings'],
  [14, 'a tensor of complex numbers'],
  [15, 'a tensor of complex numbers'],
])

/** `TensorProto.DataLocation` */
export const DATA_LOCATION = { default: 0, external: 1 } as const

/** `AttributeProto.AttributeType` */
export const ATTRIBUTE_TYPE = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const
