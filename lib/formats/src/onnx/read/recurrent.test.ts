import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { writeModel } from '../../index.js'
import { FORMATS } from '../../names.js'
import { onnxBytes, type OnnxNode, type Tensor } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { floats } from './chain.fixture.js'
import { readOnnx } from './read.js'

const out = mkdtempSync(join(tmpdir(), 'leti-test-'))

const [STEPS, FEATURES, UNITS] = [4, 3, 5]

interface Options {
  readonly directions?: number
  readonly batch?: number
  readonly units?: number
  readonly outputs?: readonly string[]
  readonly attributes?: OnnxNode['attributes']
  /** Inputs after the weights. */
  readonly further?: Readonly<Record<string, Tensor>>
}

/** A file of one recurrent layer. */
function layer(op: string, gates: number, options: Options = {}): Uint8Array {
  const { directions = 1, batch = 1, units = UNITS, outputs = ['y'] } = options
  const { attributes, further = {} } = options
  const direction = directions > 1 ? 'bidirectional' : 'forward'
  const size = gates * units
  const states = op === 'LSTM' ? ['l', 'h', 'c', 'p'] : ['l', 'h']
  const constants = {
    w: floats(directions, size, FEATURES),
    r: floats(directions, size, units),
    b: floats(directions, 2 * size),
    ...further,
  }
  const isBatchFirst = attributes?.layout === 1
  return onnxBytes({
    nodes: [
      {
        op,
        inputs: ['x', 'w', 'r', 'b', ...states.map((name) => (name in further ? name : ''))],
        outputs,
        attributes: { hidden_size: units, direction, ...attributes },
      },
    ],
    constants,
    inputs: { x: isBatchFirst ? [batch, STEPS, FEATURES] : [STEPS, batch, FEATURES] },
    outputs: outputs.filter((name) => name !== ''),
  })
}

const lengths = (steps: number): Tensor => ({ shape: [1], codes: Int32Array.of(steps) })
const state = (directions = 1): Tensor => floats(directions, 1, UNITS)

describe('recurrent layers agree with ONNX Runtime', () => {
  test.each<[string, string, number, Options]>([
    ['an RNN', 'RNN', 1, {}],
    ['an LSTM', 'LSTM', 4, {}],
    ['an LSTM that starts from states', 'LSTM', 4, { further: { h: state(), c: state() } }],
    ['the last states of an LSTM only', 'LSTM', 4, { outputs: ['', 'h1', 'c1'] }],
    [
      'all outputs of a bidirectional LSTM',
      'LSTM',
      4,
      { directions: 2, outputs: ['y', 'h1', 'c1'], further: { h: state(2), c: state(2) } },
    ],
    ['a reversed LSTM', 'LSTM', 4, { attributes: { direction: 'reverse' }, outputs: ['y', 'h1'] }],
    ['an LSTM of two rows', 'LSTM', 4, { batch: 2, outputs: ['y', 'h1'] }],
    [
      'a bidirectional LSTM with peepholes, of two rows',
      'LSTM',
      4,
      { directions: 2, batch: 2, outputs: ['y', 'h1', 'c1'], further: { p: floats(2, 3 * UNITS) } },
    ],
    ['a GRU', 'GRU', 3, {}],
    [
      'a GRU as PyTorch writes it',
      'GRU',
      3,
      { attributes: { linear_before_reset: 1 }, outputs: ['y', 'h1'] },
    ],
    [
      'a bidirectional GRU of full length',
      'GRU',
      3,
      { directions: 2, further: { l: lengths(STEPS) }, outputs: ['', 'h1'] },
    ],
  ])('%s', async (name, op, gates, options) => {
    const file = layer(op, gates, options)
    const network = await expectAgreement(file, `recurrent-${name.replace(/\W+/g, '-')}`)
    const { directions = 1, batch = 1, further = {} } = options
    const sizes = { h: UNITS, c: UNITS, p: 3 * UNITS }
    const states = Object.entries(sizes).reduce(
      (sum, [of, size]) => sum + (of in further ? size : 0),
      0,
    )
    expect(networkCost(network)).toMatchObject({
      macs: gates * (FEATURES + UNITS) * UNITS * STEPS * directions * batch,
      parameters: directions * (gates * UNITS * (FEATURES + UNITS + 2) + states),
    })
  })
})

test('an LSTM of quantized weights agrees within the precision of its codes', async () => {
  const codes = (...shape: number[]): Tensor => ({
    shape,
    codes: Int8Array.from(floats(...shape).floats ?? [], (value) => Math.round(127 * value)),
  })
  const zero = { shape: [1], codes: Int8Array.of(3) }
  const file = onnxBytes({
    nodes: [
      {
        op: 'DynamicQuantizeLSTM',
        domain: 'com.microsoft',
        inputs: ['x', 'w', 'r', 'b', '', '', '', '', 'ws', 'z', 'rs', 'z'],
        outputs: ['y'],
        attributes: { hidden_size: UNITS },
      },
    ],
    constants: {
      w: codes(1, FEATURES, 4 * UNITS),
      r: codes(1, UNITS, 4 * UNITS),
      b: floats(1, 8 * UNITS),
      ws: { shape: [1], floats: Float32Array.of(1 / 200) },
      rs: { shape: [1], floats: Float32Array.of(1 / 100) },
      z: zero,
    },
    inputs: { x: [STEPS, 1, FEATURES] },
    outputs: ['y'],
  })
  const network = await expectAgreement(file, 'quantized-lstm', { tolerance: 0.02 })
  expect(networkCost(network).macs).toBe(4 * (FEATURES + UNITS) * UNITS * STEPS)
})

test('the rows may lead', () => {
  const attributes = { layout: 1 }
  const { network } = readOnnx(layer('LSTM', 4, { batch: 2, attributes }), 'rows-lead')
  const { network: same } = readOnnx(layer('LSTM', 4, { batch: 2 }), 'steps-lead')
  const { macs, parameters } = networkCost(same)
  expect(networkCost(network)).toMatchObject({ macs, parameters })
  expect(network.nodes[network.outputs[0]].shape).toEqual([2, STEPS, 1, UNITS])
})

test.each(FORMATS)('all steps share their weights in a %s file', async (format) => {
  const { network, weights } = readOnnx(layer('LSTM', 4, { units: 128 }), 'shared')
  const { bytes } = await writeModel(network, format, out, weights)
  expect(bytes).toBeLessThan(1.2 * 4 * networkCost(network).parameters)
})

test.each<[string, Options]>([
  ['a clipped LSTM', { attributes: { clip_f: 3 } }],
  ['an LSTM of another activation', { attributes: { activations: ['Sigmoid', 'Affine', 'Tanh'] } }],
  ['an LSTM of fewer steps', { further: { l: lengths(STEPS - 1) } }],
])('%s stays unknown', (_name, options) => {
  expect(() => readOnnx(layer('LSTM', 4, options), 'unknown')).toThrow('LSTM is unknown')
})
