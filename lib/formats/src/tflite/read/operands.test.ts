import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asLetiError } from '@leti/records'
import { describe, expect, test } from 'vitest'
import { readModel } from '../../index.js'
import { isTraffic } from '../../importer/traffic.js'
import { GraphBuilder } from '../write/graph-builder.js'
import type { Graph, OptionValues } from '../write/graph.js'
import { BUILTINS, type BuiltinName } from '../schema.js'
import { writeTflite } from '../write/files.js'

// Operators with invalid inputs. No runtime runs them, but a hostile file may contain them.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

/** Reads a graph; returns the types of its nodes, or the code of the error. */
async function outcomeOf(graph: Graph): Promise<string[] | string> {
  const { path } = await writeTflite(graph, folder, 'operands')
  try {
    const { network } = await readModel(path)
    return network.nodes.map(({ operator }) => operator.type)
  } catch (error) {
    const known = asLetiError(error)
    if (!known) throw error
    return known.code
  }
}

const IMAGE = [1, 6, 5, 4]
const WINDOW = { stride_h: 1, stride_w: 1 }
const POOL = { ...WINDOW, filter_height: 1, filter_width: 1 }
/** Valid options of the operators. */
const OPTIONS: Partial<Record<BuiltinName, OptionValues>> = {
  MAX_POOL_2D: POOL,
  AVERAGE_POOL_2D: POOL,
  DEPTH_TO_SPACE: { block_size: 1 },
  SOFTMAX: { beta: 1 },
}

/** A single operator that reads the input `count` times. */
function reading(count: number, name: BuiltinName): Graph {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', IMAGE)
  const output = builder.tensor('output', IMAGE)
  const inputs = new Array<number>(count).fill(input)
  builder.operator(name, inputs, output, OPTIONS[name])
  return builder.build([input], [output])
}

/** The operators whose first version a float model can use. */
const ALL = (Object.keys(BUILTINS) as BuiltinName[]).filter((name) => 1 in BUILTINS[name].since)

test.each(ALL.filter((name) => name !== 'IF'))('%s without inputs is not read', async (name) => {
  const kept = isTraffic(name) ? 'traffic' : 'unknown'
  expect(await outcomeOf(reading(0, name))).toEqual(['input', kept])
})

test('IF without inputs is refused', async () => {
  expect(await outcomeOf(reading(0, 'IF'))).toBe('unsupported')
})

test.each(['ADD', 'CONCATENATION'] as const)(
  '%s with 300,000 inputs is unsupported',
  async (name) => {
    expect(await outcomeOf(reading(300_000, name))).toBe('unsupported')
  },
)

describe.each(['ADD', 'SUB', 'MUL', 'DIV', 'PRELU'] as const)('%s', (name) => {
  test.each([1, 3])('with %i inputs is not read', async (count) => {
    expect(await outcomeOf(reading(count, name))).toEqual(['input', 'traffic'])
  })

  test('with two inputs is known', async () => {
    expect(await outcomeOf(reading(2, name))).toEqual(['input', name.toLowerCase()])
  })
})

test('an operator whose second input is absent is not read', async () => {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', [1, 4])
  const output = builder.tensor('output', [1, 4])
  builder.operator('CONCATENATION', [input, -1], output, { axis: 1 })
  expect(await outcomeOf(builder.build([input], [output]))).toEqual(['input', 'traffic'])
})

test.each([-6, -5, 4])('a mean over axis %i of four axes is not read', async (axis) => {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', IMAGE)
  const output = builder.tensor('output', IMAGE)
  builder.operator('MEAN', [input, builder.integers('axes', [axis])], output, { keep_dims: 1 })
  expect(await outcomeOf(builder.build([input], [output]))).toEqual(['input', 'traffic'])
})

// 18 elements are four and a half rows, which would give 36.
test('a dense layer whose input is no whole number of rows is unknown', async () => {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', [1, 3, 6])
  const filter = builder.weights('filter', [8, 4], () => new Float32Array(32))
  const output = builder.tensor('output', [1, 36])
  builder.operator('FULLY_CONNECTED', [input, filter, -1], output)
  expect(await outcomeOf(builder.build([input], [output]))).toEqual([
    'input',
    'constant',
    'unknown',
  ])
})
