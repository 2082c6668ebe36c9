import type { Operator, Shape, Size } from './operators/index.js'
import { outputShape } from './shape.js'

/** One operator of a network; `inputs` are indices of earlier nodes. */
export interface Node {
  readonly name: string
  readonly operator: Operator
  readonly inputs: readonly number[]
  readonly shape: Shape
}

/**
 * A network as its authors wrote it: nodes in topological order. Its inputs are the nodes of type
 * `input`, in their order; `outputs` are indices of nodes.
 */
export interface Network {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly outputs: readonly number[]
}

/** Builds a network node by node; every method returns the index of the node that it adds. */
export class NetworkBuilder {
  private readonly nodes: Node[] = []

  /** `name` is a prefix for the node's own, as a TensorFlow name scope is: `stack0/module1/conv2d`. */
  add(name: string, operator: Operator, ...inputs: number[]): number {
    const shape = outputShape(
      operator,
      inputs.map((index) => this.nodes[index].shape),
    )
    this.nodes.push({ name, operator, inputs, shape })
    return this.nodes.length - 1
  }

  /** Convolution without bias, batch norm, ReLU: stride 1, padding `same`. */
  convBnRelu(scope: string, input: number, size: Size, filters: number): number {
    const window = { size, strides: ONE, padding: 'same' } as const
    const conv = { type: 'conv2d', filters, window, bias: false } as const
    return this.bnRelu(scope, this.add(`${scope}/conv2d`, conv, input))
  }

  /** Depthwise convolution without bias, batch norm, ReLU: stride 1, padding `same`. */
  depthwiseBnRelu(scope: string, input: number, size: Size): number {
    const window = { size, strides: ONE, padding: 'same' } as const
    const conv = { type: 'depthwise_conv2d', window, bias: false } as const
    return this.bnRelu(scope, this.add(`${scope}/depthwise_conv2d`, conv, input))
  }

  /** Max pooling with padding `same`. */
  maxPool(name: string, input: number, size: Size, strides: Size): number {
    return this.add(name, { type: 'max_pool', window: { size, strides, padding: 'same' } }, input)
  }

  shapeOf(node: number): Shape {
    return this.nodes[node].shape
  }

  build(name: string, ...outputs: number[]): Network {
    return { name, nodes: this.nodes, outputs }
  }

  private bnRelu(scope: string, input: number): number {
    const norm = this.add(`${scope}/batch_norm`, { type: 'batch_norm' }, input)
    return this.add(`${scope}/relu`, { type: 'relu' }, norm)
  }
}

const ONE: Size = [1, 1]
