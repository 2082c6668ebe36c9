import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readModel } from '../../index.js'
import { expectReadAlike, graph, weights, withIntegers } from './foreign.fixture.js'
import type { Graph } from '../write/graph.js'
import { liveNetwork } from '../../importer/live-network.js'
import { TENSOR_TYPE } from '../schema.js'
import { writeTflite } from '../write/files.js'

// Operators as other converters write them but LETI does not: axes that count the batch or from the end,
// tensors without a batch, masks, missing biases, and activation functions that LETI does not fuse.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

function fullyConnected(shape: number[], output: number[], inputs: number[], units: number): Graph {
  return graph(shape, (builder, input) => {
    const filter = weights(builder, [units, shape.reduce((a, b) => a * b, 1) / inputs[0]])
    const result = builder.tensor('output', output)
    builder.operator('FULLY_CONNECTED', [input, filter, ...inputs.slice(1)], result, {}, 6)
    return result
  })
}

/** A concatenation of the input and a constant. */
function joined(shape: number[], constant: number[], output: number[], axis: number): Graph {
  return graph(shape, (builder, input) => {
    const result = builder.tensor('output', output)
    builder.operator('CONCATENATION', [input, weights(builder, constant)], result, { axis })
    return result
  })
}

const IMAGE = [1, 6, 5, 4]

const GRAPHS: Record<string, Graph> = {
  'an image into a dense layer, without bias': fullyConnected(IMAGE, [1, 7], [1], 7),
  'an image into a dense layer, with an absent optional bias': fullyConnected(
    IMAGE,
    [1, 7],
    [1, -1],
    7,
  ),
  'rows into a dense layer that drops the batch': fullyConnected([1, 6, 5], [6, 7], [6], 7),
  'a pooling with an activation function': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', [1, 3, 2, 4])
    const window = { stride_h: 2, stride_w: 2, filter_height: 2, filter_width: 2, padding: 1 }
    const options = { ...window, fused_activation_function: 1 }
    builder.operator('MAX_POOL_2D', [input], result, options)
    return result
  }),
  'a sum clamped to [-1, 1]': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', IMAGE)
    const terms = [input, weights(builder, [4])]
    builder.operator('ADD', terms, result, { fused_activation_function: 2 })
    return result
  }),
  'a convolution of parts that are stacked as a batch': graph(IMAGE, (builder, input) => {
    const block = builder.integers('block', [2, 2])
    const pads = builder.integers('pads', [2, 2, 2, 3], [2, 2])
    const crops = builder.integers('crops', [0, 0, 0, 1], [2, 2])
    const [parts, sums] = [5, 3].map((size) => builder.tensor(`parts${size}`, [4, size, size, 4]))
    const result = builder.tensor('output', IMAGE)
    const window = { stride_h: 1, stride_w: 1, depth_multiplier: 1, padding: 1 }
    const filter = weights(builder, [1, 3, 3, 4])
    builder.operator('SPACE_TO_BATCH_ND', [input, block, pads], parts)
    builder.operator('DEPTHWISE_CONV_2D', [parts, filter, weights(builder, [4])], sums, window)
    builder.operator('BATCH_TO_SPACE_ND', [sums, block, crops], result)
    return result
  }),
  'a mean over an axis counted from the end': withIntegers('MEAN', IMAGE, [1, 6, 5], [[-1]]),
  'a mean over axes in any order': withIntegers('MEAN', IMAGE, [1, 4], [[2, 1, -2]]),
  'a mean over the batch and other axes': withIntegers('MEAN', IMAGE, [4], [[0, 1, 2]]),
  'a mean over all axes': withIntegers('MEAN', IMAGE, [], [[0, 1, 2, 3]]),
  'a concatenation along an axis counted from the end': graph(IMAGE, (builder, input) => {
    const result = builder.tensor('output', [1, 6, 5, 8])
    builder.operator('CONCATENATION', [input, input], result, { axis: -1 })
    return result
  }),
  'a concatenation of rows, with a leading size of 1 in one of them': joined(
    [2, 3],
    [1, 3],
    [3, 3],
    0,
  ),
  'a concatenation of tensors without a batch': joined([3], [1], [4], 0),
  'a concatenation of batches': joined([1, 3], [1, 3], [2, 3], 0),
  'a concatenation along the last axis of rows': joined([2, 3], [2, 1], [2, 4], -1),
  'a squeeze of all axes': withIntegers('SQUEEZE', [1, 1, 6, 1], [6], []),
  'an additional axis': withIntegers('EXPAND_DIMS', [1, 6, 5], [1, 6, 1, 5], [[2]]),
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
    // The masks ignore the begin of the height and the end of the channels.
    { begin_mask: 0b0011, end_mask: 0b1001 },
  ),
  'a strided slice with an index': withIntegers(
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
  'a strided slice with a masked index': withIntegers(
    'STRIDED_SLICE',
    IMAGE,
    [1, 6, 4],
    [
      [0, 0, 3, 0],
      [0, 0, 4, 0],
      [1, 1, 1, 1],
    ],
    { begin_mask: 0b1111, end_mask: 0b1011, shrink_axis_mask: 0b0100 },
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
  test('agrees with LiteRT', () => expectReadAlike(of, name))
})

test('a mean of height and width in any order is global average pooling', async () => {
  const { path } = await writeTflite(GRAPHS['a mean over axes in any order'], folder, 'mean')
  const { network } = await readModel(path)
  expect(network.nodes.at(-1)?.operator).toEqual({ type: 'global_avg_pool' })
})

test('an open batch is 1', async () => {
  const open = withIntegers('RELU', [-1, 6], [-1, 6], [])
  const { path } = await writeTflite(open, join(folder, 'open'), 'open')
  const { network } = await readModel(path)
  expect(network.nodes.map(({ shape }) => shape)).toEqual([[6], [6]])
})

test('an input without numbers is unsupported', async () => {
  const relu = withIntegers('RELU', [1, 6], [1, 6], [])
  const tensors = relu.tensors.map((tensor) => ({ ...tensor, type: TENSOR_TYPE.string }))
  const { path } = await writeTflite({ ...relu, tensors }, join(folder, 'strings'), 'strings')
  await expect(readModel(path)).rejects.toMatchObject({ code: 'unsupported' })
})

test('an output shape that contradicts the input is computed anew', async () => {
  const odd = withIntegers('MEAN', IMAGE, [1, 3], [[1, 2]])
  const { path } = await writeTflite(odd, join(folder, 'odd'), 'odd')
  const { network } = await readModel(path)
  expect(network.nodes.at(-1)).toMatchObject({ operator: { type: 'global_avg_pool' }, shape: [4] })
})

test('nodes that no output depends on are removed, except inputs', () => {
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
