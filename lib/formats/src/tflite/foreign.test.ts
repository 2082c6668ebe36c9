import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { convertModel, readModel } from '../index.js'
import { runInLiteRt } from '../litert.fixture.js'
import { expectAlike, feed } from '../outputs.fixture.js'
import { runInTfjs } from '../tfjs.fixture.js'
import { GraphBuilder } from './graph-builder.js'
import type { Graph } from './graph.js'
import { liveNetwork } from '../read/live-network.js'
import { TENSOR_TYPE } from './schema.js'
import { writeTflite } from './write.js'

// What other converters write and LETI does not: axes that count the batch or count from the end,
// tensors without a batch, masks, biases left out, activations that LETI does not fuse.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

type Shape = readonly number[]

/** A graph that `add` builds on its input: it returns the tensor of its output. */
function graph(shape: Shape, add: (builder: GraphBuilder, input: number) => number): Graph {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', shape)
  return builder.build([input], [add(builder, input)])
}

let constants = 0
function weights(builder: GraphBuilder, shape: Shape): number {
  const size = shape.reduce((product, length) => product * length, 1)
  return builder.weights(`weights${++constants}`, shape, () => feed(size, size))
}

/** An operator with arguments that are constants of integers. */
function withIntegers(
  name: Parameters<GraphBuilder['operator']>[0],
  shape: Shape,
  output: Shape,
  args: readonly (readonly number[])[],
  options: Record<string, number> = {},
): Graph {
  return graph(shape, (builder, input) => {
    const result = builder.tensor('output', output)
    const tensors = args.map((values, index) => builder.integers(`argument${index}`, values))
    builder.operator(name, [input, ...tensors], result, options)
    return result
  })
}

function fullyConnected(shape: Shape, output: Shape, inputs: number[], units: number): Graph {
  return graph(shape, (builder, input) => {
    const filter = weights(builder, [units, shape.reduce((a, b) => a * b, 1) / inputs[0]])
    const result = builder.tensor('output', output)
    builder.operator('FULLY_CONNECTED', [input, filter, ...inputs.slice(1)], result, {}, 6)
    return result
  })
}

const IMAGE = [1, 6, 5, 4]

const GRAPHS: Record<string, Graph> = {
  'an image into a dense layer, without bias': fullyConnected(IMAGE, [1, 7], [1], 7),
  'an image into a dense layer, the bias optional': fullyConnected(IMAGE, [1, 7], [1, -1], 7),
  'rows into a dense layer that drops the batch': fullyConnected([1, 6, 5], [6, 7], [6], 7),
  'a pooling with an activation': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', [1, 3, 2, 4])
    const window = { stride_h: 2, stride_w: 2, filter_height: 2, filter_width: 2, padding: 1 }
    const options = { ...window, fused_activation_function: 1 }
    builder.operator('MAX_POOL_2D', [input], result, options)
    return result
  }),
  'a sum with an activation between -1 and 1': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', IMAGE)
    const terms = [input, weights(builder, [4])]
    builder.operator('ADD', terms, result, { fused_activation_function: 2 })
    return result
  }),
  'a mean of axes from the end': withIntegers('MEAN', IMAGE, [1, 6, 5], [[-1]]),
  'a mean that takes the batch': withIntegers('MEAN', IMAGE, [4], [[0, 1, 2]]),
  'a mean of all': withIntegers('MEAN', IMAGE, [], [[0, 1, 2, 3]]),
  'a concatenation from the end': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', [1, 6, 5, 8])
    builder.operator('CONCATENATION', [input, input], result, { axis: -1 })
    return result
  }),
  'a squeeze of all': withIntegers('SQUEEZE', [1, 1, 6, 1], [6], []),
  'an axis more': withIntegers('EXPAND_DIMS', [1, 6, 5], [1, 6, 1, 5], [[2]]),
  'a transpose that moves the batch': withIntegers('TRANSPOSE', [1, 6, 5], [5, 1, 6], [[2, 0, 1]]),
  'a slice to the end': withIntegers(
    'SLICE',
    IMAGE,
    [1, 4, 5, 3],
    [
      [0, 2, 0, 1],
      [-1, -1, 5, 3],
    ],
  ),
  'a strided slice with masks': withIntegers(
    'STRIDED_SLICE',
    IMAGE,
    [1, 3, 2, 3],
    [
      [0, 4, -3, -2],
      [0, 3, -1, 0],
      [1, 1, 1, -1],
    ],
    // As if the first index of the height, and the last of the channels, were not there.
    { begin_mask: 0b0011, end_mask: 0b1001 },
  ),
  'one index of a strided slice': withIntegers(
    'STRIDED_SLICE',
    IMAGE,
    [1, 6, 4],
    [
      [0, 0, -2, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ],
    { begin_mask: 0b1011, end_mask: 0b1011, shrink_axis_mask: 0b0100 },
  ),
  'tensors without a batch': graph([1, 6, 20], (builder, input) => {
    const rows = builder.tensor('rows', [6, 20])
    builder.operator('RESHAPE', [input, builder.integers('shape', [6, 20])], rows)
    const dense = builder.tensor('dense', [6, 7])
    builder.operator('FULLY_CONNECTED', [rows, weights(builder, [7, 20])], dense, {}, 6)
    const softmax = builder.tensor('softmax', [6, 7])
    builder.operator('SOFTMAX', [dense], softmax, { beta: 1 })
    const both = builder.tensor('both', [12, 7])
    builder.operator('CONCATENATION', [softmax, dense], both, { axis: 0 })
    return both
  }),
}

describe.each(Object.entries(GRAPHS))('%s', (name, of) => {
  test('is read as what it computes', async () => {
    const { path } = await writeTflite(of, join(folder, 'foreign'), name)
    const original = await runInLiteRt(readFileSync(path), feed)
    const { network } = await readModel(path)
    expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
    const again = await convertModel(path, 'tflite', join(folder, 'again'))
    const { values } = await runInLiteRt(readFileSync(again.path as string), feed)
    expectAlike(values, original.values, 1e-6)
    const tfjs = await convertModel(path, 'tfjs', join(folder, 'again'))
    expectAlike(await runInTfjs(tfjs.path as string, 'cpu', feed), original.values, 1e-5)
  })
})

test('a batch that is left open is 1', async () => {
  const open = withIntegers('RELU', [-1, 6], [-1, 6], [])
  const { path } = await writeTflite(open, join(folder, 'open'), 'open')
  const { network } = await readModel(path)
  expect(network.nodes.map(({ shape }) => shape)).toEqual([[6], [6]])
})

test('what is not of floats is unsupported', async () => {
  const relu = withIntegers('RELU', [1, 6], [1, 6], [])
  const tensors = relu.tensors.map((tensor) => ({ ...tensor, type: TENSOR_TYPE.int32 }))
  const { path } = await writeTflite({ ...relu, tensors }, join(folder, 'integers'), 'integers')
  await expect(readModel(path)).rejects.toMatchObject({ code: 'unsupported' })
})

test('an operator that gives another shape than the file says is kept as unknown', async () => {
  const odd = withIntegers('MEAN', IMAGE, [1, 3], [[1, 2]])
  const { path } = await writeTflite(odd, join(folder, 'odd'), 'odd')
  const { network } = await readModel(path)
  expect(network.nodes.at(-1)).toMatchObject({
    operator: { type: 'unknown', name: 'MEAN' },
    shape: [3],
  })
  expect(networkCost(network).macs).toBe(0)
})

test('what no output depends on is left out, inputs apart', () => {
  const shape = [2]
  const relu = { type: 'relu' } as const
  const { nodes, outputs } = liveNetwork({
    name: 'n',
    nodes: [
      { name: 'a', operator: { type: 'input', shape }, inputs: [], shape },
      { name: 'dead', operator: relu, inputs: [0], shape },
      { name: 'b', operator: { type: 'input', shape }, inputs: [], shape },
      { name: 'live', operator: relu, inputs: [2], shape },
    ],
    outputs: [3],
  })
  expect(nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([['a'], ['b'], ['live', 1]])
  expect(outputs).toEqual([2])
})
