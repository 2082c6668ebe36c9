import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readModel } from '../../index.js'
import { ACTIVATIONS, TENSOR_TYPE, type BuiltinName } from '../schema.js'
import { writeTflite } from '../write/files.js'
import { GraphBuilder } from '../write/graph-builder.js'
import type { Graph, OptionValues } from '../write/graph.js'
import { expectReadAlike, weights } from './foreign.fixture.js'

// Operators that LETI reads but never writes: each becomes other operators, or a constant.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

type Shape = readonly number[]

/** Builds a graph whose operators may have several outputs or compute integers. */
class Draft {
  readonly builder = new GraphBuilder('float32')
  readonly x: number
  /** The outputs of each operator, by its first output. */
  private readonly outputs = new Map<number, number[]>()
  private readonly wholes = new Set<number>()
  private arguments = 0

  constructor(shape: Shape) {
    this.x = this.builder.tensor('x', shape)
  }

  /** A constant of integers. */
  ints(...values: number[]): number {
    return this.builder.integers(`argument${++this.arguments}`, values)
  }

  /** A constant with a single integer. */
  int(value: number): number {
    return this.builder.integers(`argument${++this.arguments}`, [value], [])
  }

  /** A constant with a single float. */
  float(value: number): number {
    const name = `argument${++this.arguments}`
    return this.builder.weights(name, [], () => Float32Array.of(value))
  }

  op(
    name: BuiltinName,
    inputs: number[],
    shape: Shape,
    options?: OptionValues,
    version = 1,
  ): number {
    const output = this.builder.tensor(`${name}${++this.arguments}`, shape)
    this.builder.operator(name, inputs, output, options, version)
    return output
  }

  /** An operator that computes integers. */
  whole(name: BuiltinName, inputs: number[], shape: Shape, options?: OptionValues): number {
    const output = this.op(name, inputs, shape, options)
    this.wholes.add(output)
    return output
  }

  /** An operator with one output for each shape. */
  several(name: BuiltinName, inputs: number[], shapes: Shape[], options?: OptionValues): number[] {
    const first = this.op(name, inputs, shapes[0], options)
    const further = shapes.slice(1).map((shape, at) => this.builder.tensor(`${name}-${at}`, shape))
    this.outputs.set(first, [first, ...further])
    return [first, ...further]
  }

  build(...outputs: number[]): Graph {
    const { tensors, operators, ...graph } = this.builder.build([this.x], outputs)
    return {
      ...graph,
      tensors: tensors.map((tensor, index) =>
        this.wholes.has(index) ? { ...tensor, type: TENSOR_TYPE.int32 } : tensor,
      ),
      operators: operators.map((operator) => ({
        ...operator,
        outputs: this.outputs.get(operator.outputs[0]) ?? operator.outputs,
      })),
    }
  }
}

function draft(shape: Shape, add: (draft: Draft, x: number) => number | number[]): Graph {
  const graph = new Draft(shape)
  const outputs = add(graph, graph.x)
  return graph.build(...(typeof outputs === 'number' ? [outputs] : outputs))
}

const IMAGE = [1, 6, 5, 4]

/** Computes the sizes `[1, height * width * channels]` of an image of `[1, 6, 5, 2]`. */
function flatSizes(g: Draft, x: number): number {
  const shape = g.whole('SHAPE', [x], [4], { out_type: TENSOR_TYPE.int32 })
  const sizes = g.whole('STRIDED_SLICE', [shape, g.ints(1), g.ints(3), g.ints(1)], [2])
  const area = g.whole('REDUCE_PROD', [sizes, g.ints(0)], [])
  const channels = g.whole('GATHER', [shape, g.int(3)], [])
  const half = g.whole('FLOOR_DIV', [channels, g.int(2)], [])
  const flat = g.whole('MUL', [area, channels], [])
  return g.whole('PACK', [half, flat], [2], { values_count: 2 })
}

const GRAPHS: Record<string, Graph> = {
  'functions that LETI composes of others': draft(IMAGE, (g, x) => {
    const turned = g.op('REVERSE_V2', [x, g.ints(1)], IMAGE)
    const scaled = g.op('L2_NORMALIZATION', [turned], IMAGE)
    const limited = g.op('RELU_0_TO_1', [scaled], IMAGE)
    return g.op('LOG_SOFTMAX', [limited], IMAGE)
  }),
  'a quotient that is rounded down': draft(IMAGE, (g, x) =>
    g.op('FLOOR_DIV', [x, g.float(0.3)], IMAGE),
  ),
  'TILE of a computed tensor': draft(IMAGE, (g, x) =>
    g.op('TILE', [x, g.ints(1, 2, 1, 3)], [1, 12, 5, 12]),
  ),
  'MAXIMUM and MINIMUM that no number is within': draft(IMAGE, (g, x) => {
    const below = g.op('MINIMUM', [x, g.float(0)], IMAGE)
    return g.op('MUL', [g.op('MAXIMUM', [below, g.float(1)], IMAGE), x], IMAGE)
  }),
  'RELU fused into arithmetic on constants': draft([1, 2], (g, x) => {
    const relu = { fused_activation_function: ACTIVATIONS.indexOf('relu') }
    const two = g.op('FILL', [g.ints(2), g.float(2)], [2])
    const three = g.op('FILL', [g.ints(2), g.float(3)], [2])
    return g.op('ADD', [x, g.op('SUB', [two, three], [2], relu)], [1, 2])
  }),
  'MAXIMUM and MINIMUM': draft(IMAGE, (g, x) => {
    const least = g.op('MAXIMUM', [x, g.float(-1)], IMAGE)
    return g.op('MINIMUM', [least, g.float(1)], IMAGE)
  }),
  'MAXIMUM with zero': draft(IMAGE, (g, x) => g.op('MAXIMUM', [g.float(0), x], IMAGE)),
  SQUARE: draft(IMAGE, (g, x) => g.op('SQUARE', [x], IMAGE)),
  'POW with exponent 2': draft(IMAGE, (g, x) => g.op('POW', [x, g.float(2)], IMAGE)),
  SQUARED_DIFFERENCE: draft(IMAGE, (g, x) =>
    g.op('SQUARED_DIFFERENCE', [x, weights(g.builder, [4])], IMAGE),
  ),
  'a division by SQRT': draft(IMAGE, (g, x) => {
    const square = g.op('SQUARE', [x], IMAGE)
    const shifted = g.op('ADD', [square, g.float(2)], IMAGE)
    const root = g.op('SQRT', [shifted], IMAGE)
    return g.op('DIV', [x, root], IMAGE)
  }),
  ADD_N: draft(IMAGE, (g, x) => g.op('ADD_N', [x, x, x], IMAGE)),
  PADV2: draft(IMAGE, (g, x) => {
    const paddings = g.builder.integers('paddings', [0, 0, 1, 2, 0, 3, 0, 0], [4, 2])
    return g.op('PADV2', [x, paddings, g.float(0)], [1, 9, 8, 4])
  }),
  SPLIT: draft(IMAGE, (g, x) => {
    const half = [1, 6, 5, 2]
    const [a, b] = g.several('SPLIT', [g.int(3), x], [half, half], { num_splits: 2 })
    return g.op('SUB', [a, b], half)
  }),
  SPLIT_V: draft(IMAGE, (g, x) => {
    const parts = [
      [1, 4, 5, 4],
      [1, 2, 5, 4],
    ]
    return g.several('SPLIT_V', [x, g.ints(4, -1), g.int(-3)], parts, { num_splits: 2 })
  }),
  PACK: draft([1, 6], (g, x) => {
    const tanh = g.op('TANH', [x], [1, 6])
    return g.op('PACK', [x, tanh], [1, 2, 6], { values_count: 2, axis: 1 })
  }),
  UNPACK: draft([1, 2, 6], (g, x) => {
    const row = [1, 6]
    const [a, b] = g.several('UNPACK', [x], [row, row], { num: 2, axis: -2 })
    return g.op('SUB', [a, b], row)
  }),
  'STRIDED_SLICE with an ellipsis, a new axis and an index': draft(IMAGE, (g, x) =>
    g.op(
      'STRIDED_SLICE',
      [x, g.ints(0, 0, 0, 2), g.ints(1, 0, 0, 3), g.ints(1, 1, 1, 1)],
      [1, 6, 5, 1],
      { ellipsis_mask: 2, new_axis_mask: 4, shrink_axis_mask: 8 },
      4,
    ),
  ),
  'BATCH_MATMUL with a transposed matrix': draft([1, 4, 6], (g, x) =>
    g.op('BATCH_MATMUL', [x, weights(g.builder, [1, 4, 3])], [1, 6, 3], { adj_x: 1 }),
  ),
  'BATCH_MATMUL whose matrices are multiplied by one stored matrix': draft([1, 2, 4, 6], (g, x) =>
    g.op('BATCH_MATMUL', [x, weights(g.builder, [6, 3])], [1, 2, 4, 3]),
  ),
  'FULLY_CONNECTED whose filter is a transposed constant': draft([1, 6], (g, x) => {
    const filter = g.op('TRANSPOSE', [weights(g.builder, [6, 3]), g.ints(1, 0)], [3, 6])
    return g.op('FULLY_CONNECTED', [x, filter, -1], [1, 3], {}, 6)
  }),
  'numbers computed from a shape': draft([1, 6, 5, 2], (g, x) => {
    const sizes = flatSizes(g, x)
    const floats = g.op('CAST', [sizes], [2], {
      in_data_type: TENSOR_TYPE.int32,
      out_data_type: TENSOR_TYPE.float32,
    })
    return g.op('ADD', [x, floats], [1, 6, 5, 2])
  }),
  'computed constants': draft([1, 4], (g, x) => {
    const range = g.whole('RANGE', [g.int(0), g.int(4), g.int(1)], [4])
    const floats = g.op('CAST', [range], [4], {
      in_data_type: TENSOR_TYPE.int32,
      out_data_type: TENSOR_TYPE.float32,
    })
    const twos = g.op('FILL', [g.ints(2), g.float(2)], [2])
    const tiled = g.op('TILE', [twos, g.ints(2)], [4])
    const wide = g.op('EXPAND_DIMS', [tiled, g.int(0)], [1, 4])
    const negative = g.op('NEG', [g.op('SUB', [floats, wide], [1, 4])], [1, 4])
    return g.op('ADD', [x, negative], [1, 4])
  }),
}

describe.each(Object.entries(GRAPHS))('%s', (name, graph) => {
  test('agrees with LiteRT', () => expectReadAlike(graph, name.replace(/\W+/g, '-')))
})

async function typesOf(graph: Graph): Promise<string[]> {
  const { path } = await writeTflite(graph, join(folder, 'types'), 'types')
  const { network } = await readModel(path)
  return network.nodes.map(({ operator }) => operator.type)
}

test('consecutive limits become one activation function', async () => {
  expect(await typesOf(GRAPHS['MAXIMUM and MINIMUM'])).toEqual(['input', 'relu_n1_to_1'])
})

// LiteRT.js returns no output with a dynamic shape.
test('a reshape to computed sizes is a reshape', async () => {
  const graph = draft([1, 6, 5, 2], (g, x) => g.op('RESHAPE', [x, flatSizes(g, x)], [1, 60]))
  expect(await typesOf(graph)).toEqual(['input', 'reshape'])
})

describe('operators that change nothing stay, since runtimes execute them', () => {
  test.each<[string, Graph]>([
    ['reshape', draft(IMAGE, (g, x) => g.op('RESHAPE', [x, g.ints(...IMAGE)], IMAGE))],
    ['transpose', draft(IMAGE, (g, x) => g.op('TRANSPOSE', [x, g.ints(0, 1, 2, 3)], IMAGE))],
    [
      'slice',
      draft(IMAGE, (g, x) => g.op('SLICE', [x, g.ints(0, 0, 0, 0), g.ints(...IMAGE)], IMAGE)),
    ],
    ['concat', draft(IMAGE, (g, x) => g.op('CONCATENATION', [x], IMAGE, { axis: 3 }))],
  ])('%s', async (type, graph) => {
    expect(await typesOf(graph)).toEqual(['input', type])
  })

  test('a constant added after a convolution does not become its bias', async () => {
    const graph = draft(IMAGE, (g, x) => {
      const window = { stride_h: 1, stride_w: 1 }
      const filter = weights(g.builder, [3, 1, 1, 4])
      const bias = weights(g.builder, [3])
      const convolution = g.op('CONV_2D', [x, filter, bias], [1, 6, 5, 3], window)
      return g.op('ADD', [convolution, weights(g.builder, [3])], [1, 6, 5, 3])
    })
    expect(await typesOf(graph)).toEqual(['input', 'conv2d', 'constant', 'add'])
  })
})

describe('is memory traffic', () => {
  test.each<[string, Graph]>([
    ['GATHER', draft([1, 4], (g, x) => g.op('GATHER', [x, g.ints(0, 2)], [1, 2], { axis: 1 }))],
    ['POW', draft([1, 4], (g, x) => g.op('POW', [x, g.float(3)], [1, 4]))],
  ])('%s of a computed tensor, for which LETI has no equivalent', async (name, graph) => {
    const { path } = await writeTflite(graph, join(folder, name), name)
    const { network } = await readModel(path)
    expect(network.nodes.at(-1)?.operator).toMatchObject({ type: 'traffic', name })
  })
})
