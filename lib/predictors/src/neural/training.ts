import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { shuffled } from '../random.js'
import { Adam } from './adam.js'
import { EPSILON, type Graph, type Layer, type NeuralNetwork } from './network.js'

/** As in BRP-NAS: Adam, L1 loss, cosine schedule (https://github.com/SamsungLabs/eagle). */
const RATE = 8e-4
const BATCH = 10
const EPOCHS = 250

/** Limits the steps: with many samples there are fewer epochs. */
const MAX_STEPS = 1000

const RANDOM_RANGE = 0xffffff

// Types, not interfaces: TensorFlow.js accepts only types as containers of tensors.
type TrainedLayer = Record<keyof Layer, tf.Variable>
type Trained = Readonly<
  Record<'head', tf.Variable<tf.Rank.R2>> &
    Record<'offset', tf.Variable> &
    Record<'layers', TrainedLayer[]>
>

/**
 * Trains a neural network. The same graphs, targets and seed give the same network.
 *
 * @param graphs all with the same number of vertices and features
 * @param targets one per graph
 * @param widths outputs of each layer
 */
export async function trainNetwork(
  graphs: readonly Graph[],
  targets: readonly number[],
  widths: readonly number[],
  seed: number,
): Promise<NeuralNetwork> {
  await tf.setBackend('wasm')
  await tf.ready()
  const trained = tf.tidy(() => initial(inputsOf(graphs[0]), widths, seed))
  const { layers, head, offset } = trained
  const optimizer = new Adam([...layers.flatMap((layer) => Object.values(layer)), head, offset])
  const epochs = Math.min(EPOCHS, Math.ceil((MAX_STEPS * BATCH) / graphs.length))
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * epoch) / epochs))
    const order = shuffled([...graphs.keys()], seed + epoch)
    for (let at = 0; at < order.length; at += BATCH) {
      const batch = order.slice(at, at + BATCH)
      const some = batch.map((index) => graphs[index])
      const wanted = batch.map((index) => targets[index])
      optimizer.minimize(() => lossOf(trained, some, wanted), rate)
    }
  }
  const network = networkOf(trained)
  tf.dispose(trained)
  return network
}

function inputsOf({ features, count }: Graph): number {
  return features.length / count
}

/** Initial weights: uniform within He's bound for ReLU ("Delving Deep into Rectifiers", 2015). */
function initial(inputs: number, widths: readonly number[], seed: number): Trained {
  const random = xoroshiro128plus(seed)
  const uniform = (rows: number, columns: number): tf.Variable<tf.Rank.R2> => {
    const bound = Math.sqrt(6 / rows)
    const values = Float32Array.from(
      { length: rows * columns },
      () => bound * ((2 * uniformInt(random, 0, RANDOM_RANGE)) / RANDOM_RANGE - 1),
    )
    return tf.variable(tf.tensor2d(values, [rows, columns]))
  }
  const layers = widths.map((width, i) => ({
    weights: uniform(i ? widths[i - 1] : inputs, width),
    bias: tf.variable(tf.zeros([width])),
    scale: tf.variable(tf.ones([width])),
    shift: tf.variable(tf.zeros([width])),
  }))
  const head = uniform(widths[widths.length - 1], 1)
  return { layers, head, offset: tf.variable(tf.zeros([1])) }
}

function lossOf({ layers, head, offset }: Trained, graphs: readonly Graph[], targets: number[]) {
  const [{ count }] = graphs
  const features = tf.concat(
    graphs.map((graph) => tf.tensor2d(graph.features, [count, inputsOf(graph)])),
  )
  const adjacency = count > 1 ? adjacencyOf(graphs) : undefined
  let values: tf.Tensor2D = features
  for (const layer of layers) {
    values = activated(layer, product(taken(values, adjacency), layer.weights))
  }
  const width = head.shape[0]
  const first = values.reshape([graphs.length, count, width]).slice([0, 0, 0], [-1, 1, width])
  const outputs = first.reshape([graphs.length, width]).matMul(head)
  const errors = outputs.add(offset).sub(tf.tensor2d(targets, [targets.length, 1]))
  return errors.abs().mean<tf.Scalar>()
}

/**
 * A matrix product with a faster gradient: TensorFlow.js multiplies transposed views, for which its wasm
 * backend has no fast kernel. Here they are transposed first.
 */
const product = tf.customGrad((left, right, save) => {
  const [a, b] = [left as tf.Tensor2D, right as tf.Tensor2D]
  ;(save as tf.GradSaveFunc)([a, b])
  return {
    value: tf.matMul<tf.Tensor2D>(a, b),
    gradFunc: (slope: tf.Tensor2D, saved: tf.Tensor[]) => [
      tf.matMul(slope, saved[1].transpose()),
      tf.matMul(saved[0].transpose(), slope),
    ],
  }
})

/** For each vertex, the sum of the values of its sources. */
function taken(values: tf.Tensor2D, adjacency: tf.Tensor3D | undefined): tf.Tensor2D {
  if (!adjacency) return values
  const [graphs, count] = adjacency.shape
  const grouped = values.reshape([graphs, count, values.shape[1]])
  return tf.matMul(adjacency, grouped).reshape([graphs * count, values.shape[1]])
}

function activated({ bias, scale, shift }: TrainedLayer, products: tf.Tensor): tf.Tensor2D {
  const values = products.add(bias)
  const centered = values.sub(values.mean(1, true))
  const deviation = centered.square().mean(1, true).add(EPSILON).sqrt()
  return centered.div(deviation).mul(scale).add(shift).relu()
}

function adjacencyOf(graphs: readonly Graph[]): tf.Tensor3D {
  const [{ count }] = graphs
  const values = new Float32Array(graphs.length * count * count)
  graphs.forEach(({ sources }, graph) => {
    sources.forEach((own, vertex) => {
      for (const source of own) values[(graph * count + vertex) * count + source] = 1
    })
  })
  return tf.tensor3d(values, [graphs.length, count, count])
}

function networkOf({ layers, head, offset }: Trained): NeuralNetwork {
  const numbers = (variable: tf.Variable): Float32Array =>
    Float32Array.from(variable.dataSync<'float32'>())
  return {
    layers: layers.map(({ weights, bias, scale, shift }): Layer => ({
      weights: numbers(weights),
      bias: numbers(bias),
      scale: numbers(scale),
      shift: numbers(shift),
    })),
    head: numbers(head),
    offset: numbers(offset)[0],
  }
}
