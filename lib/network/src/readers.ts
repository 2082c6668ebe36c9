import type { Network } from './network.js'

/** Who reads the nodes of a network. */
export interface Readers {
  /** How many inputs each node feeds; the network's outputs count as read. */
  readonly count: Int32Array
  /** The last node that reads each, or -1. */
  readonly last: Int32Array
}

export function countReaders({ nodes, outputs }: Network): Readers {
  const count = new Int32Array(nodes.length)
  const last = new Int32Array(nodes.length).fill(-1)
  nodes.forEach((node, index) => {
    for (const input of node.inputs) {
      count[input]++
      last[input] = index
    }
  })
  // An output is read from outside: nothing after it can be fused in.
  for (const output of outputs) count[output]++
  return { count, last }
}
