import { Layers, type Network } from '@leti/network'
import { NB201_EDGES, type Nb201Cell } from './cell.js'
import type { Nb201Config } from './config.js'

const STAGES = [16, 32, 64]
const CELLS_PER_STAGE = 5

/**
 * The network of a cell, as the public `TinyNetwork` builds it: a 3x3 stem of 16
 * channels, three stages of five cells with a residual block of stride 2 before the second and third,
 * batch norm and ReLU, global average pooling and a dense layer.
 * https://github.com/D-X-Y/AutoDL-Projects/blob/main/xautodl/models/cell_infers/tiny_network.py
 */
export function nb201Network(
  cell: Nb201Cell,
  { input_shape, num_labels }: Nb201Config,
  name: string,
): Network {
  const net = new Layers()
  let x = net.in('stem').convBn(net.input(...input_shape), STAGES[0], { size: 3 })
  STAGES.forEach((channels, stage) => {
    const scope = net.in(`stage${stage}`)
    if (stage > 0) x = reduction(scope.in('reduction'), x, channels)
    for (let index = 0; index < CELLS_PER_STAGE; index++) {
      x = addCell(scope.in(`cell${index}`), cell, x)
    }
  })
  return net.build(name, net.classifier(net.batchNorm(x, 'relu'), num_labels))
}

/** Each node is the sum of its edges; the last node is the output of the cell. */
function addCell(net: Layers, cell: Nb201Cell, input: number): number {
  const nodes = [input]
  for (let node = 1; node <= 3; node++) {
    const terms = NB201_EDGES.flatMap(([from, to], edge) =>
      to === node ? [addEdge(net.in(`${from}-${to}`), cell[edge], nodes[from])] : [],
    )
    nodes.push(terms.length === 1 ? terms[0] : net.named(`add${node}`).add(...terms))
  }
  return nodes[3]
}

function addEdge(net: Layers, operation: Nb201Cell[number], input: number): number {
  switch (operation) {
    case 'none':
      return net.op({ type: 'zeros' }, input)
    case 'skip_connect':
      return input
    case 'nor_conv_1x1':
      return reluConvBn(net, input, net.channels(input), { size: 1 })
    case 'nor_conv_3x3':
      return reluConvBn(net, input, net.channels(input), { size: 3 })
    case 'avg_pool_3x3':
      return net.avgPool(input, { size: 3 })
  }
}

/** The residual block between stages: half the resolution, twice the channels. */
function reduction(net: Layers, input: number, channels: number): number {
  const first = reluConvBn(net.in('a'), input, channels, { size: 3, stride: 2 })
  const second = reluConvBn(net.in('b'), first, channels, { size: 3 })
  const pooled = net.avgPool(input, { size: 2, stride: 2 })
  return net.add(net.in('shortcut').plainConv(pooled, channels), second)
}

function reluConvBn(
  net: Layers,
  input: number,
  channels: number,
  window: { readonly size: number; readonly stride?: number },
): number {
  return net.convBn(net.act(input, 'relu'), channels, window)
}
