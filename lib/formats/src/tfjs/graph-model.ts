import { elements, type Kernel } from '@leti/network'
import { activationMoments } from '../moments.js'
import { biasWeights, filterWeights } from '../weights.js'
import { kernelNode, type Constant } from './kernel-node.js'
import { FLOAT, INT32, tensorShape, type NodeDef } from './node-def.js'

interface WeightSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
}

/** A TensorFlow.js graph model; its weights are made one tensor at a time, when they are asked for. */
export interface GraphModel {
  readonly nodes: readonly NodeDef[]
  readonly signature: object
  readonly weightSpecs: readonly WeightSpec[]
  /** The tensors in the order of `weightSpecs`. */
  weights(): Generator<Float32Array | Int32Array>
}

/** The model of a fused network, with seeded weights. */
export function toGraphModel(kernels: readonly Kernel[], seed: number): GraphModel {
  const built = kernels.map((kernel) => {
    const sources = kernel.inputs.map((input) => kernels[input])
    return kernelNode(
      kernel,
      sources.map((source) => source.name),
      sources.map((source) => source.shape),
    )
  })
  const specs = built.flatMap(({ constants }) => constants.map(weightSpec))
  return {
    nodes: built.flatMap(({ node, constants }) => [...constants.map(constantNode), node]),
    signature: signatureOf(kernels),
    weightSpecs: specs,
    *weights() {
      const moments = activationMoments(kernels)
      for (const [index, { constants }] of built.entries()) {
        const kernel = kernels[index]
        for (const constant of constants) {
          if (constant.kind === 'argument') yield Int32Array.from(constant.values)
          else if (constant.kind === 'bias') yield biasWeights(seed, constant.name, kernel)
          else {
            const size = elements(constant.shape)
            const fanIn = kernel.macs / elements(kernel.shape)
            yield filterWeights(seed, constant.name, size, fanIn, moments[kernel.inputs[0]])
          }
        }
      }
    },
  }
}

function weightSpec(constant: Constant): WeightSpec {
  const { name } = constant
  if (constant.kind !== 'argument') return { name, shape: constant.shape, dtype: 'float32' }
  return { name, shape: [constant.values.length], dtype: 'int32' }
}

function constantNode(constant: Constant): NodeDef {
  const { name, shape, dtype } = weightSpec(constant)
  const type = dtype === 'int32' ? INT32 : FLOAT
  const value = { tensor: { dtype: type.type, tensorShape: tensorShape(shape) } }
  return { name, op: 'Const', attr: { dtype: type, value } }
}

function signatureOf(kernels: readonly Kernel[]): object {
  const info = ({ name, shape }: Kernel): object => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: tensorShape([1, ...shape]),
  })
  const inputs = kernels.filter((kernel) => kernel.operator.type === 'input')
  const output = kernels[kernels.length - 1]
  return {
    inputs: Object.fromEntries(inputs.map((kernel) => [kernel.name, info(kernel)])),
    outputs: { [output.name]: info(output) },
  }
}
