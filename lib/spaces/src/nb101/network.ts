import { Layers, type Network } from '@leti/network'
import type { Cell } from './cell.js'
import type { Config } from './config.js'
import { OPERATIONS } from './operations.js'

/**
 * The network of a cell, as the public `model_builder` builds it: a 3x3 stem, stacks of modules with
 * 2x2 max pooling and doubled channels between them, global average pooling and a dense layer.
 * https://github.com/google-research/nasbench/blob/master/nasbench/lib/model_builder.py
 *
 * @throws {LetiError} `bad-arch` if the configuration is too narrow for the cell
 */
export function cellNetwork(cell: Cell, config: Config, name: string): Network {
  const net = new Layers()
  let channels = config.stem_filter_size
  let x = net
    .in('stem')
    .convBn(net.input(...config.input_shape), channels, { size: 3, act: 'relu' })
  for (let stack = 0; stack < config.num_stacks; stack++) {
    const scope = net.in(`stack${stack}`)
    if (stack > 0) {
      x = scope.named('downsample').maxPool(x, { size: 2, stride: 2 })
      channels *= 2
    }
    for (let module = 0; module < config.num_modules_per_stack; module++) {
      x = addModule(scope.in(`module${module}`), cell, x, channels)
    }
  }
  return net.build(name, net.classifier(x, config.num_labels))
}

/**
 * Adds one module. A vertex adds the tensors that enter it; the output concatenates them. Edges that
 * leave the input project it by a 1x1 convolution.
 */
function addModule(
  net: Layers,
  { matrix, operations }: Cell,
  input: number,
  channels: number,
): number {
  const output = matrix.length - 1
  const vertexChannels = channelsOfVertices(matrix, channels)
  const project = (vertex: number): number =>
    net.in(`projection${vertex}`).convBn(input, vertexChannels[vertex], { act: 'relu' })

  const tensors = [input]
  for (let vertex = 1; vertex < output; vertex++) {
    const scope = net.in(`vertex${vertex}`)
    const terms: number[] = []
    for (let from = 1; from < vertex; from++) {
      if (matrix[from][vertex]) {
        terms.push(truncate(scope, from, tensors[from], vertexChannels[vertex]))
      }
    }
    if (matrix[0][vertex]) terms.push(project(vertex))
    const build = OPERATIONS[operations[vertex]]
    tensors.push(build(scope, sum(scope, terms), vertexChannels[vertex]))
  }

  const parts = tensors.filter((_tensor, vertex) => vertex > 0 && matrix[vertex][output])
  const terms: number[] = []
  if (parts.length === 1) terms.push(parts[0])
  if (parts.length > 1) terms.push(net.concat(...parts))
  if (matrix[0][output]) terms.push(project(output))
  return sum(net, terms)
}

function sum(net: Layers, terms: number[]): number {
  return terms.length === 1 ? terms[0] : net.add(...terms)
}

/** Drops the extra channel that an uneven division gave to `from` but not to its reader. */
function truncate(net: Layers, from: number, tensor: number, channels: number): number {
  if (net.channels(tensor) === channels) return tensor
  return net.named(`truncate${from}`).op({ type: 'truncate', channels }, tensor)
}

/**
 * Channels of every vertex. The vertices that feed the output share its channels; the first ones take
 * one more if the division leaves a remainder. Every other vertex has as many channels as the widest
 * vertex that it feeds. The input has 0 here: it is projected to the channels of each reader.
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
