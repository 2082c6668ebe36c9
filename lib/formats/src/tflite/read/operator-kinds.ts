import type { ParsedOperator } from './parse.js'

// Kinds of operators that the reader of graphs treats apart.

/** Operators that change only how numbers are stored. */
const CONVERSIONS = new Set(['QUANTIZE', 'DEQUANTIZE', 'DENSIFY', 'CAST'])

/** Operators that read the shape of their input, but not its numbers. */
export const SHAPE_READERS = new Set(['SHAPE', 'RANK'])

/** Operators that only move elements, of any type. */
export const MOVEMENTS: ReadonlySet<string> = new Set(
  `CONCATENATION EXPAND_DIMS PACK RESHAPE SLICE SPLIT SPLIT_V SQUEEZE STRIDED_SLICE TRANSPOSE
  UNPACK`.split(/\s+/),
)

/** Operators with graphs of their own that are not read; `CALL_ONCE` runs one before the first inference. */
export const NESTED: ReadonlySet<string> = new Set(
  `CALL DELEGATE STABLEHLO_COMPOSITE STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE
  STABLEHLO_REDUCE_WINDOW STABLEHLO_SCATTER STABLEHLO_SORT STABLEHLO_WHILE WHILE`.split(/\s+/),
)

/**
 * Custom operators that multiply no matrices.
 * https://github.com/google-ai-edge/mediapipe/tree/master/mediapipe/util/tflite/operations
 */
export const CUSTOM_TRAFFIC: ReadonlySet<string> = new Set(
  `Landmarks2TransformMatrix MaxPoolingWithArgmax2D MaxUnpooling2D TFLite_Detection_PostProcess
  TransformLandmarks TransformTensorBilinear`.split(/\s+/),
)

export function isConversion({ name, isCustom }: ParsedOperator): boolean {
  return !isCustom && CONVERSIONS.has(name)
}
