import { NetworkBuilder, type Network } from '@leti/network'
import type { Cell } from './cell.js'
import type { Config } from './config.js'
import { OPERATIONS } from './operations.js'

/**
 * The network of a cell, as the public `model_builder` builds it: a 3x3 stem, stacks of modules with
 * 2x2 max pooling and doubled channels between them, global average pooling and a dense layer.
 * https://github.com/google-research/nasbench/blob/master/nasbench/lib/model_builder.py
 */
export function cellNetwork(cell: Cell, config: Config, name: string): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: config.input_shape })
  let net = network.convBnRelu('stem', input, [3, 3], config.stem_filter_size)
  let channels = config.stem_filter_size
  for (let stack = 0; stack < config.num_stacks; stack++) {
    if (stack > 0) {
      net = network.maxPool(`stack${stack}/downsample`, net, [2, 2], [2, 2])
      channels *= 2
    }
    for (let module = 0; module < config.num_modules_per_stack; module++) {
      net = addModule(network, `stack${stack}/module${module}`, cell, net, channels)
    }
  }
  const pooled = network.add('global_avg_pool', { type: 'global_avg_pool' }, net)
  const dense = { type: 'dense', units: config.num_labels, bias: true } as const
  return network.build(name, network.add('dense', dense, pooled))
}

/**
 * One module: the tensors that flow into a vertex are added, into the output concatenated; what flows
 * out of the input is projected by a 1x1 convolution.
 */
function addModule(
  network: NetworkBuilder,
  scope: string,
  { matrix, operations }: Cell,
  input: number,
  channels: number,
): number {
  const output = matrix.length - 1
  const vertexChannels = channelsOfVertices(matrix, channels)
  const project = (vertex: number): number =>
    network.convBnRelu(`${scope}/projection${vertex}`, input, [1, 1], vertexChannels[vertex])

  const tensors = [input]
  for (let vertex = 1; vertex < output; vertex++) {
    const vertexScope = `${scope}/vertex${vertex}`
    const terms: number[] = []
    for (let from = 1; from < vertex; from++) {
      if (matrix[from][vertex]) {
        terms.push(truncate(network, vertexScope, from, tensors[from], vertexChannels[vertex]))
      }
    }
    if (matrix[0][vertex]) terms.push(project(vertex))
    const sum = add(network, `${vertexScope}/add`, terms)
    const build = OPERATIONS[operations[vertex]]
    tensors.push(build(network, vertexScope, sum, vertexChannels[vertex]))
  }

  const parts = tensors.filter((_tensor, vertex) => vertex > 0 && matrix[vertex][output])
  const terms: number[] = []
  if (parts.length === 1) terms.push(parts[0])
  if (parts.length > 1) terms.push(network.add(`${scope}/concat`, { type: 'concat' }, ...parts))
  if (matrix[0][output]) terms.push(project(output))
  return add(network, `${scope}/add`, terms)
}

function add(network: NetworkBuilder, name: string, terms: number[]): number {
  return terms.length === 1 ? terms[0] : network.add(name, { type: 'add' }, ...terms)
}

/** Drops the one channel that an uneven division gave to `from` and not to its reader. */
function truncate(
  network: NetworkBuilder,
  scope: string,
  from: number,
  tensor: number,
  channels: number,
): number {
  if (network.shapeOf(tensor)[2] === channels) return tensor
  return network.add(`${scope}/truncate${from}`, { type: 'truncate', channels }, tensor)
}

/**
 * Channels of every vertex: the output's are divided among the vertices that feed it, the first ones
 * taking one more where the division leaves a remainder; every other vertex has as many as the
 * largest that it feeds. The input's stay at 0, since it is projected to whatever is needed.
 */
function channelsOfVertices(matrix: Cell['matrix'], channels: number): number[] {
  const output = matrix.length - 1
  const result = new Array<number>(matrix.length).fill(0)
  result[output] = channels
  let feeders = 0
  for (let vertex = 1; vertex < output; vertex++) feeders += matrix[vertex][output]
  let remainder = channels % feeders
  for (let vertex = 1; vertex < output; vertex++) {
    if (matrix[vertex][output]) {
      result[vertex] = Math.floor(channels / feeders) + (remainder-- > 0 ? 1 : 0)
    }
  }
  for (let vertex = output - 1; vertex > 0; vertex--) {
    if (matrix[vertex][output]) continue
    for (let to = vertex + 1; to < output; to++) {
      if (matrix[vertex][to]) result[vertex] = Math.max(result[vertex], result[to])
    }
  }
  return result
}
