import { elements, fuse, type Kernel, type Network } from '@leti/network'
import { toHalf } from '../../weights/half.js'
import type { WeightRole, Weights, WeightType } from '../../weights/weights.js'
import type { Argument, Constant, Weight } from './constant.js'
import { kernelNodes } from './operators.js'
import { FLOAT, INT32, tensorShape, type NodeDef } from '../schema.js'
import { partNames } from './part-names.js'
import { withSharedWeights } from './shared.js'

interface WeightSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: { readonly dtype: 'float16'; readonly original_dtype: 'float32' }
}

/** A TensorFlow.js graph model. Its weights are made on demand, one tensor at a time. */
export interface GraphModel {
  readonly nodes: readonly NodeDef[]
  readonly signature: object
  readonly weightSpecs: readonly WeightSpec[]
  readonly weightBytes: number
  /** The tensors in the order of `weightSpecs`. */
  weights(): Generator<Float32Array | Int32Array | Uint16Array>
}

/**
 * The graph model of a network.
 *
 * @throws {LetiError} `unsupported`
 */
export function toGraphModel(
  network: Network,
  weights: Weights,
  weightType: WeightType,
): GraphModel {
  const kernels = fuse(network)
  const partName = partNames(kernels.map(({ name }) => name))
  const alone = kernels.map((kernel) => {
    const sources = kernel.inputs.map((input) => kernels[input])
    const inputs = sources.map(({ name }) => name)
    const inputShapes = sources.map(({ shape }) => shape)
    return kernelNodes(kernel, { inputs, inputShapes, partName })
  })
  const built = withSharedWeights(kernels, alone)
  const specs = built.flatMap(({ constants }) =>
    constants.map((constant) => weightSpec(constant, weightType)),
  )
  return {
    nodes: built.flatMap(({ nodes, constants }) => [...constants.map(constantNode), ...nodes]),
    signature: signatureOf(network, kernels),
    weightSpecs: specs,
    weightBytes: specs.reduce((sum, spec) => sum + bytesOf(spec), 0),
    *weights() {
      for (const [index, { constants }] of built.entries()) {
        // A grouped convolution reads each tensor in many parts.
        const made: Partial<Record<WeightRole, Float32Array>> = {}
        for (const constant of constants) {
          if (constant.kind === 'argument') yield argumentValues(constant)
          else {
            const whole = (made[constant.kind] ??= weights(kernels[index].name, constant.kind))
            const values = partOf(whole, constant)
            yield weightType === 'float16' ? toHalf(values) : values
          }
        }
      }
    },
  }
}

function weightSpec(constant: Constant, weightType: WeightType): WeightSpec {
  const { name, shape } = constant
  if (constant.kind === 'argument') return { name, shape, dtype: constant.dtype }
  if (weightType === 'float32') return { name, shape, dtype: 'float32' }
  const quantization = { dtype: 'float16', original_dtype: 'float32' } as const
  return { name, shape, dtype: 'float32', quantization }
}

/** One part of a tensor that is split along its last axis. */
function partOf(values: Float32Array, { shape, part }: Weight): Float32Array {
  if (!part) return values
  const columns = shape[shape.length - 1]
  const { index, of } = part
  return values.filter((_, at) => Math.floor((at % (columns * of)) / columns) === index)
}

function bytesOf({ shape, quantization }: WeightSpec): number {
  return elements(shape) * (quantization ? 2 : 4)
}

function argumentValues({ dtype, values }: Argument): Float32Array | Int32Array {
  return dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
}

function constantNode(constant: Weight | Argument): NodeDef {
  const { name, shape } = constant
  const isInteger = constant.kind === 'argument' && constant.dtype === 'int32'
  const type = isInteger ? INT32 : FLOAT
  const value = { tensor: { dtype: type.type, tensorShape: tensorShape(shape) } }
  return { name, op: 'Const', attr: { dtype: type, value } }
}

function signatureOf({ outputs }: Network, kernels: readonly Kernel[]): object {
  const info = ({ name, shape }: Kernel): object => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: tensorShape([1, ...shape]),
  })
  const named = (of: readonly Kernel[]): object =>
    Object.fromEntries(of.map((kernel) => [kernel.name, info(kernel)]))
  const ofNode = new Map(kernels.map((kernel) => [kernel.node, kernel]))
  return {
    inputs: named(kernels.filter((kernel) => kernel.operator.type === 'input')),
    outputs: named(outputs.map((output) => ofNode.get(output) as Kernel)),
  }
}
