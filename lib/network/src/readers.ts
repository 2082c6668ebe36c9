import type { Network } from './network.js'

/** The readers of each node of a network. */
export interface Readers {
  /** Number of inputs that each node feeds; being an output of the network counts as one. */
  readonly count: Int32Array
  /** The last node that reads each node, or -1. */
  readonly last: Int32Array
}

/** Counts the readers of each node. */
export function countReaders({ nodes, outputs }: Network): Readers {
  const count = new Int32Array(nodes.length)
  const last = new Int32Array(nodes.length).fill(-1)
  nodes.forEach((node, index) => {
    for (const input of node.inputs) {
      count[input]++
      last[input] = index
    }
  })
  // The caller reads an output, so no later node can be fused into it.
  for (const output of outputs) count[output]++
  return { count, last }
}
