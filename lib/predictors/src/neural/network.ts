import { LetiError, type Schema, type Static } from '@leti/records'

/** Added to a variance, as in PyTorch's LayerNorm. */
export const EPSILON = 1e-5

/** A dense layer with layer normalization and ReLU. Weights are row-major, inputs x outputs. */
export interface Layer {
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly scale: Float32Array
  readonly shift: Float32Array
}

const NUMBERS = { type: 'string' } as const

const LAYER = {
  type: 'object',
  description: 'A dense layer with layer normalization and ReLU.',
  required: ['weights', 'bias', 'scale', 'shift'],
  properties: {
    weights: { ...NUMBERS, description: 'Weights, row-major, inputs x outputs.' },
    bias: { ...NUMBERS, description: 'Bias of each output.' },
    scale: { ...NUMBERS, description: 'Scale of each output after normalization.' },
    shift: { ...NUMBERS, description: 'Shift of each output after normalization.' },
  },
} as const satisfies Schema

export const NETWORK = {
  type: 'object',
  description: 'A neural network. Numbers are base64 of little-endian float32.',
  required: ['layers', 'head', 'offset'],
  properties: {
    layers: { type: 'array', items: LAYER, description: 'The layers.' },
    head: { ...NUMBERS, description: "Weights of the last layer's outputs." },
    offset: { type: 'number', description: 'Added to the weighted sum.' },
  },
} as const satisfies Schema

/** A neural network as a predictor file holds it. */
type SavedNetwork = Static<typeof NETWORK>

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
export function networkJson({ layers, head, offset }: NeuralNetwork): SavedNetwork {
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
 * @throws {LetiError} `usage` if the network has another number of inputs, or is damaged
 */
export function toNeuralNetwork(network: SavedNetwork, inputs: number): NeuralNetwork {
  let width = inputs
  const layers = network.layers.map((layer, index) => {
    const place = `network.layers[${index}]`
    const bias = decoded(layer.bias, `${place}.bias`)
    const weights = decoded(layer.weights, `${place}.weights`, width * bias.length)
    width = bias.length
    const scale = decoded(layer.scale, `${place}.scale`, width)
    return { weights, bias, scale, shift: decoded(layer.shift, `${place}.shift`, width) }
  })
  const head = decoded(network.head, 'network.head', width)
  return { layers, head, offset: network.offset }
}

function encoded(values: Float32Array): string {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i))
  return bytes.toString('base64')
}

function decoded(text: string, place: string, length?: number): Float32Array {
  const bytes = Buffer.from(text, 'base64')
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
