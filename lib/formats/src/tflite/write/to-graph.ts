import { ACTIVATED, fuse, type Network, type OperatorType } from '@leti/network'
import type { Weights, WeightType } from '../../weights/weights.js'
import { GraphBuilder } from './graph-builder.js'
import type { Graph } from './graph.js'
import { addKernel } from './operators.js'

/**
 * Operators into which LETI fuses an activation for TFLite. They precede most activations. TensorFlow's
 * converter also fuses into poolings; LETI does not.
 */
const TFLITE_ACTIVATED = new Set<OperatorType>([
  ...ACTIVATED,
  'batch_norm',
  'add',
  'sub',
  'mul',
  'div',
])

/**
 * The TFLite graph of a network.
 *
 * @throws {LetiError} `unsupported`
 */
export function toGraph(network: Network, weights: Weights, weightType: WeightType): Graph {
  const kernels = fuse(network, TFLITE_ACTIVATED)
  const graph = new GraphBuilder(weightType)
  const tensors: number[] = []
  const tensorOfNode = new Map<number, number>()
  for (const kernel of kernels) {
    const inputs = kernel.inputs.map((input) => tensors[input])
    const inputShapes = kernel.inputs.map((input) => kernels[input].shape)
    const tensor = addKernel(kernel, { graph, weights, inputs, inputShapes })
    tensors.push(tensor)
    tensorOfNode.set(kernel.node, tensor)
  }
  const fed = kernels.flatMap(({ operator }, index) =>
    operator.type === 'input' ? [tensors[index]] : [],
  )
  return graph.build(
    fed,
    network.outputs.map((output) => tensorOfNode.get(output) as number),
  )
}
