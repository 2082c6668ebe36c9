import { LetiError } from '@leti/records'
import type { Operator, Shape } from './operators/index.js'
import { outputShape } from './shape.js'

/** Limit on nodes, far beyond real networks: a few bytes of a record could ask for any number. */
export const MAX_NODES = 2 ** 18

/** One operator of a network; `inputs` are indices of earlier nodes. */
export interface Node {
  readonly name: string
  readonly operator: Operator
  readonly inputs: readonly number[]
  readonly shape: Shape
  /** Whether its filter is that of an earlier node: its parameters are counted there. */
  readonly sharesFilter?: true
  /** Name of the earlier node whose filter and bias it has: a model file stores them once. */
  readonly sharesWeights?: string
}

/**
 * A network: nodes in topological order. Its inputs are the nodes of type `input`, in their order;
 * `outputs` are indices of nodes.
 */
export interface Network {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly outputs: readonly number[]
}

/** Builds a network node by node; see `Layers` for whole layers. */
export class NetworkBuilder {
  private readonly nodes: Node[] = []

  /**
   * Adds a node.
   *
   * @param inputs indices of earlier nodes
   * @returns the index of the new node
   * @throws {LetiError} `bad-arch` if the number or the shapes of the inputs do not fit the operator, or the
   *   network has too many nodes
   */
  add(name: string, operator: Operator, ...inputs: number[]): number {
    if (this.nodes.length === MAX_NODES) {
      throw new LetiError('bad-arch', `the network has more than ${MAX_NODES} operators`)
    }
    const shape = outputShape(
      operator,
      inputs.map((index) => this.nodes[index].shape),
    )
    this.nodes.push({ name, operator, inputs, shape })
    return this.nodes.length - 1
  }

  shapeOf(node: number): Shape {
    return this.nodes[node].shape
  }

  build(name: string, ...outputs: number[]): Network {
    return { name, nodes: this.nodes, outputs }
  }
}
