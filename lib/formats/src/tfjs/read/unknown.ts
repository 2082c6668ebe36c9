import { broadcast } from '@leti/network'
import type { Value } from '../../importer/value.js'
import { nestedGraph, unknownShape } from '../../importer/errors.js'
import { axisOf } from '../../importer/shapes.js'
import { gatheredShape, matrixProduct, reduction } from '../../importer/unknown-shapes.js'
import { isWindow, type FileWindow } from '../../importer/windows.js'
import type { Call } from './call.js'
import { windowOf } from './windows.js'

/** Operators whose output has the shape to which their inputs are broadcast. */
const ELEMENTWISE = new Set(
  `Abs Acos Acosh Asin Asinh Atan Atanh Cosh Sinh IsNan IsInf IsFinite OnesLike Erfc
  Ceil Cos Erf Exp Expm1 Floor LRN Log Log1p LogSoftmax LogicalNot Neg Reciprocal Round Rsqrt
  Selu Sign Sin Softplus Sqrt Square Tan ZerosLike Cast Cumsum
  Add AddV2 Sub Mul RealDiv Div Maximum Minimum Pow SquaredDifference FloorDiv FloorMod Mod Atan2 DivNoNan MulNoNan Xdivy Xlogy
  Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalXor Select SelectV2
  Gelu Softsign LayerNormalization Normalization ThresholdedReLU ReLU
  ELU Mish GeluNew
  ClipByValue Relu Relu6 Elu Sigmoid Tanh Softmax LeakyRelu Prelu BiasAdd`.split(/\s+/),
)

const REDUCTIONS = new Set(['Sum', 'Max', 'Min', 'Prod', 'All', 'Any', 'Mean', 'EuclideanNorm'])

/** Operators that call functions of the file, and those of loops and branches in older files. */
const NESTED = new Set(
  `Case If StatelessCase StatelessIf While StatelessWhile PartitionedCall StatefulPartitionedCall For
  Enter Exit LoopCond Merge NextIteration Switch`.split(/\s+/),
)

/**
 * Keeps an operator that LETI does not know by its name: one value per output.
 *
 * @throws {LetiError} `unsupported` if the shape of an output is unknown
 */
export function unknownNode(call: Call): Value[] {
  const { node, op, inputs } = call
  if (NESTED.has(node.op)) throw nestedGraph(node.op)
  const said = node.outputShapes().map((shape) => shape.map((size) => (size === -1 ? 1 : size)))
  const inferred = inferredShape(call)
  const outputs = node.op === 'TopKV2' && inferred ? [inferred, inferred] : inferred && [inferred]
  const shapes = said.length > 0 ? said : outputs
  if (!shapes) throw unknownShape(node.op)
  const names = shapes.map((_, index) => (index ? `${node.name}_${index}` : node.name))
  return op.assembly.unknown(names, node.op, inputs, shapes)
}

function inferredShape(call: Call): readonly number[] | undefined {
  const { node, inputs } = call
  const { op } = node
  const shapes = inputs.map(({ shape }) => shape)
  if (shapes.length === 0) return undefined
  if (ELEMENTWISE.has(op)) return broadcast(op === 'Cumsum' ? shapes.slice(0, 1) : shapes)
  if (REDUCTIONS.has(op)) return reduction(shapes[0], call.numbers(1), node.flag('keep_dims'))
  if (op === 'ArgMax' || op === 'ArgMin') return reduction(shapes[0], call.numbers(1), false)
  if (op === 'SparseToDense') return call.numbers(1)
  if (op === 'TopKV2') {
    const [k] = call.numbers(1) ?? []
    return k === undefined || shapes[0].length === 0 ? undefined : shapes[0].with(-1, k)
  }
  if (op.includes('Pad')) {
    const counts = call.numbers(1)
    return counts && shapes[0].map((size, axis) => size + counts[2 * axis] + counts[2 * axis + 1])
  }
  if (op === 'GatherV2') {
    const axis = axisOf(call.numbers(2)?.[0], shapes[0].length)
    return axis === undefined ? undefined : shapes[0].toSpliced(axis, 1, ...(shapes[1] ?? []))
  }
  if (op === 'OneHot') return oneHotShape(call)
  if (op === 'MaxPool3D' || op === 'AvgPool3D') {
    const window = windowOf(node, node.numbers('ksize').slice(1, -1))
    return pooledShape(shapes[0], window)
  }
  if (op === 'GatherNd' && shapes.length > 1) return gatheredShape(shapes[0], shapes[1])
  if (!op.includes('MatMul') || shapes.length < 2) return undefined
  return matrixProduct(shapes[0], shapes[1], node.transposed())
}

function oneHotShape(call: Call): readonly number[] | undefined {
  const { shape } = call.input(0)
  const [depth] = call.numbers(1) ?? []
  const axis = axisOf(call.node.number('axis', -1), shape.length + 1)
  return depth === undefined || axis === undefined ? undefined : shape.toSpliced(axis, 0, depth)
}

function pooledShape(
  shape: readonly number[],
  window: FileWindow<readonly number[]> | undefined,
): readonly number[] | undefined {
  const padding = window?.padding
  if (!window || typeof padding !== 'string' || !isWindow(window, shape.length - 2))
    return undefined
  const sizes = window.size.map((length, axis) => {
    const left = shape[axis + 1] - (padding === 'same' ? 0 : length - 1)
    return Math.ceil(left / window.strides[axis])
  })
  return [shape[0], ...sizes, ...shape.slice(-1)]
}
