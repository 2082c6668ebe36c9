import type { Constant } from '../../importer/constant.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { lstm } from './recurrent.js'

export const QUANTIZED_RECURRENT: Readers = [['com.microsoft.DynamicQuantizeLSTM', dynamicLstm]]

/**
 * An LSTM whose weights are codes, with their scales and zeros in inputs 8 to 11:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeLSTM
 */
function dynamicLstm(call: Call): NodeResult {
  const weights = [real(call, 1, 8), real(call, 2, 10)]
  if (!weights.every((matrix) => matrix !== undefined)) return undefined
  const inputs = call.inputs.slice(0, 8)
  return lstm(
    call.on(inputs.toSpliced(1, 2, ...weights.map((matrix) => new OrderedTensor(matrix)))),
  )
}

/** The real numbers of `[directions, inputs, gates * units]`, in the layout of `LSTM`. */
function real(call: Call, index: number, scaleIndex: number): Constant | undefined {
  const { folding } = call.op
  const codes = call.constant(index)
  const [scale, zero] = [scaleIndex, scaleIndex + 1].map((at) => perColumn(call, at))
  const centered = codes && zero && folding.paired(codes, zero, (code, of) => code - of, true)
  const values = centered && scale && folding.paired(centered, scale, (a, b) => a * b, true)
  return values?.shape.length === 3 ? folding.transposed(values, [0, 2, 1]) : undefined
}

/** One number for each direction, or one for each of its columns. */
function perColumn(call: Call, index: number): Constant | undefined {
  const constant = call.constant(index)
  const [directions, columns = 1] = constant?.shape ?? []
  return constant && call.op.folding.reshaped(constant, [directions, 1, columns])
}
