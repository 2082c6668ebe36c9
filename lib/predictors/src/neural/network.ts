import { LetiError } from '@leti/records'
import { finiteNumber, list, object, text } from '../checks.js'

/** Added to a variance, as PyTorch's LayerNorm does. */
export const EPSILON = 1e-5

/** A dense layer with layer normalisation and ReLU; weights are inputs x outputs, row by row. */
export interface Layer {
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly scale: Float32Array
  readonly shift: Float32Array
}

/** Layers, then a weighted sum of what the last gives for the first vertex. */
export interface Network {
  readonly layers: readonly Layer[]
  readonly head: Float32Array
  readonly offset: number
}

/** Vertices with their features; what each layer adds up is along the edges. */
export interface Graph {
  readonly count: number
  /** `count` rows of features, one after another. */
  readonly features: Float32Array
  /** Those whose values each vertex takes in, itself among them. */
  readonly sources: readonly (readonly number[])[]
}

/** A network without edges: one vertex. */
export function pointOf(features: Float32Array): Graph {
  return { count: 1, features, sources: [[0]] }
}

/** The output for a graph, read at its first vertex. */
export function forward({ layers, head, offset }: Network, graph: Graph): number {
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
      // Half of what a ReLU gives is 0.
      if (!taken[i]) continue
      const at = i * outputs
      for (let j = 0; j < outputs; j++) row[j] += taken[i] * weights[at + j]
    }
    activate(row, layer)
  }
  return result
}

/** Layer normalisation and ReLU, in place. */
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

/** The network as JSON holds it: numbers as base64 of little-endian float32. */
export function networkJson({ layers, head, offset }: Network): object {
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
 * @param inputs features of a vertex
 * @throws {LetiError} `usage` where the value is no network, or one for other inputs
 */
export function toNetwork(value: unknown, place: string, inputs: number): Network {
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
