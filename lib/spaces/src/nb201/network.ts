import { NetworkBuilder, type Network, type Size } from '@leti/network'
import { NB201_EDGES, type Nb201Cell } from './cell.js'

const STAGES = [16, 32, 64]
const CELLS_PER_STAGE = 5
const CLASSES = 10

/**
 * The network of a cell on CIFAR-10, as the public `TinyNetwork` builds it: a 3x3 stem of 16
 * channels, three stages of five cells with a residual block of stride 2 before the second and third,
 * batch norm and ReLU, global average pooling and a dense layer.
 * https://github.com/D-X-Y/AutoDL-Projects/blob/main/xautodl/models/cell_infers/tiny_network.py
 */
export function nb201Network(cell: Nb201Cell, name: string): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [32, 32, 3] })
  let net = convBn(network, 'stem', input, 3, STAGES[0])
  STAGES.forEach((channels, stage) => {
    if (stage > 0) net = reduction(network, `stage${stage}/reduction`, net, channels)
    for (let index = 0; index < CELLS_PER_STAGE; index++) {
      net = addCell(network, `stage${stage}/cell${index}`, cell, net)
    }
  })
  const norm = network.add('batch_norm', { type: 'batch_norm' }, net)
  const relu = network.add('relu', { type: 'relu' }, norm)
  const pooled = network.add('global_avg_pool', { type: 'global_avg_pool' }, relu)
  const dense = { type: 'dense', units: CLASSES, bias: true } as const
  return network.build(name, network.add('dense', dense, pooled))
}

/** Each node is the sum of its edges; the last one is what the cell gives. */
function addCell(network: NetworkBuilder, scope: string, cell: Nb201Cell, input: number): number {
  const nodes = [input]
  for (let node = 1; node <= 3; node++) {
    const terms = NB201_EDGES.flatMap(([from, to], edge) => {
      if (to !== node) return []
      return [addEdge(network, `${scope}/${from}-${to}`, cell[edge], nodes[from])]
    })
    const sum = (): number => network.add(`${scope}/add${node}`, { type: 'add' }, ...terms)
    nodes.push(terms.length === 1 ? terms[0] : sum())
  }
  return nodes[3]
}

function addEdge(
  network: NetworkBuilder,
  scope: string,
  operation: Nb201Cell[number],
  input: number,
): number {
  const channels = network.shapeOf(input)[2]
  switch (operation) {
    case 'none':
      return network.add(`${scope}/zeros`, { type: 'zeros' }, input)
    case 'skip_connect':
      return input
    case 'nor_conv_1x1':
      return reluConvBn(network, scope, input, 1, channels)
    case 'nor_conv_3x3':
      return reluConvBn(network, scope, input, 3, channels)
    case 'avg_pool_3x3':
      return avgPool(network, `${scope}/avg_pool`, input, [3, 3], ONE)
  }
}

/** The residual block between stages: half the resolution, twice the channels. */
function reduction(
  network: NetworkBuilder,
  scope: string,
  input: number,
  channels: number,
): number {
  const first = reluConvBn(network, `${scope}/a`, input, 3, channels, TWO)
  const second = reluConvBn(network, `${scope}/b`, first, 3, channels)
  const pooled = avgPool(network, `${scope}/avg_pool`, input, TWO, TWO)
  const shortcut = conv(network, `${scope}/shortcut`, pooled, 1, channels, ONE)
  return network.add(`${scope}/add`, { type: 'add' }, shortcut, second)
}

function reluConvBn(
  network: NetworkBuilder,
  scope: string,
  input: number,
  size: number,
  channels: number,
  strides: Size = ONE,
): number {
  const relu = network.add(`${scope}/relu`, { type: 'relu' }, input)
  return convBn(network, scope, relu, size, channels, strides)
}

function convBn(
  network: NetworkBuilder,
  scope: string,
  input: number,
  size: number,
  channels: number,
  strides: Size = ONE,
): number {
  const convolved = conv(network, scope, input, size, channels, strides)
  return network.add(`${scope}/batch_norm`, { type: 'batch_norm' }, convolved)
}

function conv(
  network: NetworkBuilder,
  scope: string,
  input: number,
  size: number,
  filters: number,
  strides: Size,
): number {
  const window = { size: [size, size], strides, padding: 'same' } as const
  return network.add(`${scope}/conv2d`, { type: 'conv2d', filters, window, bias: false }, input)
}

function avgPool(
  network: NetworkBuilder,
  name: string,
  input: number,
  size: Size,
  strides: Size,
): number {
  return network.add(name, { type: 'avg_pool', window: { size, strides, padding: 'same' } }, input)
}

const ONE: Size = [1, 1]
const TWO: Size = [2, 2]
