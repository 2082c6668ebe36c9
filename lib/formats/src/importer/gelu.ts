import type { Network, Node, Operator } from '@leti/network'

/** The number of a constant node with a single element; undefined for any other node. */
export type ScalarOf = (node: number) => number | undefined

/**
 * Replaces each exact GELU, `x / 2 * (1 + erf(x / sqrt(2)))`, which exporters write as single operators in
 * several orders, by one node. Nodes that other nodes read are kept.
 */
export function withWholeGelus(network: Network, scalarOf: ScalarOf): Network {
  const graph = new Graph(network.nodes, scalarOf)
  const nodes = [...network.nodes]
  network.nodes.forEach(({ operator }, erf) => {
    if (!isErf(operator)) return
    const gelu = graph.geluOf(erf)
    if (!gelu) return
    const { name, shape } = nodes[gelu.last]
    nodes[gelu.last] = { name, shape, operator: { type: 'gelu' }, inputs: [gelu.input] }
  })
  return { ...network, nodes }
}

/** An error function, which LETI knows by name only. */
function isErf(operator: Operator): boolean {
  return 'name' in operator && operator.name === 'Erf'
}

class Graph {
  /** For each node the nodes that read it. */
  private readonly readers: number[][]
  /** Cache: a constant may take long to compute. */
  private readonly scalars = new Map<number, number>()

  constructor(
    private readonly nodes: readonly Node[],
    private readonly scalarOf: ScalarOf,
  ) {
    this.readers = nodes.map(() => [])
    nodes.forEach(({ inputs }, index) => {
      for (const input of inputs) this.readers[input].push(index)
    })
  }

  /** The last node of the GELU that contains an error function, and the node that this GELU reads. */
  geluOf(erf: number): { last: number; input: number } | undefined {
    const input = this.multiplied(this.nodes[erf].inputs[0], Math.SQRT1_2)
    if (input === undefined) return undefined
    for (const gate of this.readers[erf]) {
      if (this.nodes[gate].operator.type !== 'add' || !this.otherIs(gate, erf, 1)) continue
      for (const product of this.readers[gate]) {
        const last = this.completed(product, gate, input)
        if (last !== undefined) return { last, input }
      }
    }
    return undefined
  }

  /** The last node of `input / 2 * gate`, whose factors come in any order. */
  private completed(product: number, gate: number, input: number): number | undefined {
    if (this.nodes[product].operator.type !== 'mul') return undefined
    const other = this.other(product, gate)
    if (this.multiplied(other, 0.5) === input) return product
    const isOfInput = other === input
    if (!isOfInput && !this.isNear(other, 0.5)) return undefined
    return this.readers[product].find((last) =>
      isOfInput
        ? this.multiplied(last, 0.5) === product
        : this.nodes[last].operator.type === 'mul' && this.other(last, product) === input,
    )
  }

  /** The node that `node` multiplies by this factor, or divides by its inverse. */
  private multiplied(node: number, factor: number): number | undefined {
    const { operator, inputs } = this.nodes[node]
    if (operator.type === 'div') return this.isNear(inputs[1], 1 / factor) ? inputs[0] : undefined
    if (operator.type !== 'mul') return undefined
    return inputs.find((input) => this.otherIs(node, input, factor))
  }

  private otherIs(node: number, input: number, value: number): boolean {
    return this.isNear(this.other(node, input), value)
  }

  private other(node: number, input: number): number {
    const [first, second] = this.nodes[node].inputs
    return first === input ? second : first
  }

  /** The tolerance allows for the digits that exporters write. */
  private isNear(node: number, value: number): boolean {
    const scalar = this.scalars.get(node) ?? this.scalarOf(node) ?? NaN
    this.scalars.set(node, scalar)
    return Math.abs(scalar - value) < 1e-4
  }
}
