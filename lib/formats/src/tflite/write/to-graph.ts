import { fuse, TFLITE_FILES, type Network } from '@leti/network'
import type { Weights, WeightType } from '../../weights/weights.js'
import { GraphBuilder } from './graph-builder.js'
import type { Graph } from './graph.js'
import { addKernel } from './operators.js'

/**
 * The TFLite graph of a network.
 *
 * @throws {LetiError} `unsupported`
 */
export function toGraph(network: Network, weights: Weights, weightType: WeightType): Graph {
  const kernels = fuse(network, TFLITE_FILES)
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
