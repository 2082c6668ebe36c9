import { LetiError } from '@leti/records'
import { finiteNumber, list, object, text } from '../checks.js'

/** Added to a variance, as in PyTorch's LayerNorm. */
export const EPSILON = 1e-5

/** A dense layer with layer normalization and ReLU. Weights are row-major, inputs x outputs. */
export interface Layer {
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly scale: Float32Array
  readonly shift: Float32Array
}

/** Layers, then a weighted sum of the last layer's output at the first vertex. */
export interface NeuralNetwork {
  readonly layers: readonly Layer[]
  readonly head: Float32Array
  readonly offset: number
}

/** A graph: each layer sums the values of a vertex's sources. */
export interface Graph {
  /** Number of vertices. */
  readonly count: number
  /** Row-major, one row per vertex. */
  readonly features: Float32Array
  /** For each vertex, the vertices that it reads, itself included. */
  readonly sources: readonly (readonly number[])[]
}

/** A graph of one vertex: plain features. */
export function pointOf(features: Float32Array): Graph {
  return { count: 1, features, sources: [[0]] }
}

/** The output of a neural network, at the first vertex. */
export function forward({ layers, head, offset }: NeuralNetwork, graph: Graph): number {
  let values: ArrayLike<number> = graph.features
  for (const layer of layers) values = layerOutput(layer, graph, values)
  let sum = offset
  for (let i = 0; i < head.length; i++) sum += head[i] * values[i]
  return sum
}

function layerOutput(layer: Layer, { count, sources }: Graph, values: ArrayLike<number>) {
  const { weights, bias } = layer
  const inputs = values.length / count
  const outputs = bias.length
  const taken = new Float64Array(inputs)
  const result = new Float64Array(count * outputs)
  for (let vertex = 0; vertex < count; vertex++) {
    taken.fill(0)
    for (const source of sources[vertex]) {
      for (let i = 0; i < inputs; i++) taken[i] += values[source * inputs + i]
    }
    const row = result.subarray(vertex * outputs, (vertex + 1) * outputs)
    row.set(bias)
    for (let i = 0; i < inputs; i++) {
      // About half of the outputs of a ReLU are 0.
      if (!taken[i]) continue
      const at = i * outputs
      for (let j = 0; j < outputs; j++) row[j] += taken[i] * weights[at + j]
    }
    activate(row, layer)
  }
  return result
}

/** Layer normalization and ReLU, in place. */
function activate(row: Float64Array, { scale, shift }: Layer): void {
  let mean = 0
  for (const value of row) mean += value / row.length
  let variance = 0
  for (const value of row) variance += (value - mean) ** 2 / row.length
  const deviation = Math.sqrt(variance + EPSILON)
  for (let j = 0; j < row.length; j++) {
    row[j] = Math.max(0, (scale[j] * (row[j] - mean)) / deviation + shift[j])
  }
}

/** The network as JSON, with weights as base64 of little-endian float32. */
export function networkJson({ layers, head, offset }: NeuralNetwork): object {
  return {
    layers: layers.map(({ weights, bias, scale, shift }) => ({
      weights: encoded(weights),
      bias: encoded(bias),
      scale: encoded(scale),
      shift: encoded(shift),
    })),
    head: encoded(head),
    offset,
  }
}

/**
 * @param inputs number of features per vertex
 * @throws {LetiError} `usage` if the value is not a network with this number of inputs
 */
export function toNeuralNetwork(value: unknown, place: string, inputs: number): NeuralNetwork {
  const network = object(value, place)
  let width = inputs
  const layers = list(network.layers, `${place}.layers`).map((item, index) => {
    const own = `${place}.layers[${index}]`
    const layer = object(item, own)
    const bias = decoded(layer.bias, `${own}.bias`)
    const weights = decoded(layer.weights, `${own}.weights`, width * bias.length)
    width = bias.length
    const scale = decoded(layer.scale, `${own}.scale`, width)
    return { weights, bias, scale, shift: decoded(layer.shift, `${own}.shift`, width) }
  })
  const head = decoded(network.head, `${place}.head`, width)
  return { layers, head, offset: finiteNumber(network.offset, `${place}.offset`) }
}

function encoded(values: Float32Array): string {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i))
  return bytes.toString('base64')
}

function decoded(value: unknown, place: string, length?: number): Float32Array {
  const bytes = Buffer.from(text(value, place), 'base64')
  const count = bytes.length / 4
  if (count !== (length ?? count) || !Number.isInteger(count)) {
    throw new LetiError('usage', `"${place}" must hold ${length ?? 'whole'} float32 numbers`)
  }
  const values = Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(4 * i))
  if (values.some((number) => !Number.isFinite(number))) {
    throw new LetiError('usage', `"${place}" must hold finite numbers`)
  }
  return values
}
