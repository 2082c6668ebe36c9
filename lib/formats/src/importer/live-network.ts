import type { Network, Node } from '@leti/network'

/** Removes the nodes that no output depends on, except inputs. */
export function liveNetwork({ name, nodes, outputs }: Network): Network {
  const isLive = new Uint8Array(nodes.length)
  for (const output of outputs) isLive[output] = 1
  for (let index = nodes.length - 1; index >= 0; index--) {
    if (nodes[index].operator.type === 'input') isLive[index] = 1
    if (isLive[index]) for (const input of nodes[index].inputs) isLive[input] = 1
  }
  const indexOf = new Int32Array(nodes.length)
  const live: Node[] = []
  nodes.forEach((node, index) => {
    if (!isLive[index]) return
    indexOf[index] = live.length
    live.push({ ...node, inputs: node.inputs.map((input) => indexOf[input]) })
  })
  return { name, nodes: live, outputs: outputs.map((output) => indexOf[output]) }
}
