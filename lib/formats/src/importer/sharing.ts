import type { Node } from '@leti/network'
import type { Constant } from './constant.js'
import type { ProductParts } from './product.js'

/** The stored tensors that a product multiplies by and adds. */
interface Weights {
  readonly filter: Constant
  /** Absent if there is none. */
  readonly bias: Constant | undefined
  /** Equal if two products arrange the filter in the same way. */
  readonly layout: string
  /** Whether nothing else is folded into them. */
  readonly isPlain: boolean
}

/** The names of the nodes that hold the weights of others, by their bias and layout. */
type Holders = Map<Constant | undefined, Map<string, string>>

/** Knows which products multiply by one stored tensor. */
export class Sharing {
  private readonly weights = new Map<string, Weights>()

  /** @param name of the product's node */
  add(name: string, { operator, filter, bias, biasSource, norm, folded }: ProductParts): void {
    if (!filter.source) return
    const isStored = (bias === undefined) === (biasSource === undefined)
    this.weights.set(name, {
      filter: filter.source,
      bias: biasSource,
      layout: [operator.type, ...filter.shape].join(),
      isPlain: isStored && norm === undefined && folded === 0,
    })
  }

  /** The nodes, those marked whose filter, or all of whose weights, an earlier one has. */
  marked(nodes: readonly Node[]): readonly Node[] {
    const holders = new Map<Constant, Holders>()
    return nodes.map((node) => {
      const weights = this.weights.get(node.name)
      if (!weights) return node
      const earlier = holders.get(weights.filter)
      const ofFilter: Holders = earlier ?? new Map<Constant, Map<string, string>>()
      holders.set(weights.filter, ofFilter)
      const holder = weights.isPlain ? holderOf(ofFilter, weights, node.name) : undefined
      if (!earlier) return node
      return { ...node, sharesFilter: true, ...(holder !== undefined && { sharesWeights: holder }) }
    })
  }
}

/** The node that has the same weights; if there is none, the node with this name becomes it. */
function holderOf(holders: Holders, { bias, layout }: Weights, name: string): string | undefined {
  const byLayout = holders.get(bias) ?? new Map<string, string>()
  holders.set(bias, byLayout)
  const holder = byLayout.get(layout)
  if (holder === undefined) byLayout.set(layout, name)
  return holder
}
