import { expect, test } from 'vitest'
import { expectReadAlike, graph, weights } from '../read/foreign.fixture.js'
import { GraphBuilder } from './graph-builder.js'
import type { Graph } from './graph.js'
import { uniqueNames } from '../../importer/names.js'

// Names in a file that could clash with LETI's names for the parts of a kernel.

const WINDOW = { padding: 0, stride_h: 1, stride_w: 1 }

function dense(shape: number[], output: number[]): Graph {
  return graph(shape, (builder, input) => {
    const result = builder.tensor('output', output)
    const filter = weights(builder, [output[1], shape[shape.length - 1]])
    builder.operator('FULLY_CONNECTED', [input, filter, -1], result, { keep_num_dims: 0 }, 6)
    return result
  })
}

test.each([
  ['rows of an image', dense([1, 2, 3, 5], [6, 7])],
  [
    'rows that are reshaped',
    graph([1, 6, 5], (builder, input) => {
      const result = builder.tensor('output', [3, 7])
      builder.operator('FULLY_CONNECTED', [input, weights(builder, [7, 10]), -1], result, {}, 6)
      return result
    }),
  ],
  [
    'a constant with the name of a bias',
    graph([1, 4, 4, 2], (builder, input) => {
      const constant = builder.weights('c/bias', [1, 1, 1, 3], () => Float32Array.of(5, -3, 2))
      const conv = builder.tensor('c', [1, 4, 4, 3])
      const own = [weights(builder, [3, 1, 1, 2]), weights(builder, [3])]
      builder.operator('CONV_2D', [input, ...own], conv, WINDOW)
      const sum = builder.tensor('sum', [1, 4, 4, 3])
      builder.operator('ADD', [conv, constant], sum)
      return sum
    }),
  ],
  [
    'tensors with the names of the parts of an operator',
    graph([1, 6], (builder, input) => {
      const swish = builder.tensor('h', [1, 6])
      builder.operator('HARD_SWISH', [input], swish)
      const gate = builder.tensor('h/gate', [1, 6])
      builder.operator('TANH', [swish], gate)
      const three = builder.tensor('h/three', [1, 6])
      builder.operator('LOGISTIC', [gate], three)
      return three
    }),
  ],
])('%s', (name, of) => expectReadAlike(of, name))

test('outputs keep their order, whatever their names', async () => {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('1', [1, 6])
  const outputs = (['TANH', 'RELU'] as const).map((name, index) => {
    const output = builder.tensor(['20', '3'][index], [1, 6])
    builder.operator(name, [input], output)
    return output
  })
  await expectReadAlike(builder.build([input], outputs), 'numbers')
})

test('names are unique, in characters that every format allows', () => {
  const nameOf = uniqueNames()
  expect(['a b', 'a_b', '_x', '', 'c>bias', '20', '020'].map(nameOf)).toEqual([
    'a_b',
    'a_b_1',
    '_x',
    'tensor',
    'c_bias',
    'tensor_20',
    'tensor_020',
  ])
})
