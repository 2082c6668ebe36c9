import { fuse, TFLITE_FILES, type Network, type Shape } from '@leti/network'
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
  const outputs = network.outputs.map((output) => {
    const { name, shape } = network.nodes[output]
    return { tensor: tensorOfNode.get(output) as number, name, shape }
  })
  return graph.build(fed, apart(graph, outputs, fed))
}

interface Output {
  readonly tensor: number
  readonly name: string
  readonly shape: Shape
}

/** The outputs' tensors, each of its own: LiteRT does not fill one that is an input or another output too. */
function apart(graph: GraphBuilder, outputs: readonly Output[], fed: readonly number[]): number[] {
  const taken = new Set(fed)
  return outputs.map(({ tensor, name, shape }, index) => {
    const own = taken.has(tensor)
      ? copied(graph, tensor, `${name}>copy${index}`, [1, ...shape])
      : tensor
    taken.add(own)
    return own
  })
}

function copied(graph: GraphBuilder, tensor: number, name: string, sizes: Shape): number {
  const copy = graph.tensor(name, sizes)
  const argument = graph.integers(`${name}/shape`, sizes)
  graph.operator('RESHAPE', [tensor, argument], copy, { new_shape: sizes })
  return copy
}
