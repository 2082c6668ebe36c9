import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { onnxBytes } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, TOKENS } from './chain.fixture.js'
import { readOnnx } from './read.js'

// Attention as ONNX and ONNX Runtime have it: what is read agrees with ONNX Runtime.

const OPSET = 23

/** Queries of two heads; keys and values of one, which both share. */
const PARTS = {
  q: floats(6, 6),
  k: floats(6, 3),
  v: floats(6, 4),
  ql: floats(6, 8),
  mask: floats(5, 5),
}

const ATTENTIONS: Record<string, Uint8Array> = {
  'of several heads, each with its keys': chain(
    [
      ['MatMul', ['x', 'q']],
      ['MatMul', ['x', 'ql']],
      ['Attention', ['t0', 't0', 't1', 'mask'], { q_num_heads: 2, kv_num_heads: 2, scale_f: 0.5 }],
    ],
    PARTS,
    TOKENS,
    OPSET,
  ),
  'that looks back only, and bends its scores': chain(
    [
      ['MatMul', ['x', 'q']],
      [
        'Attention',
        ['t0', 'x', 'x', 'mask'],
        { q_num_heads: 2, kv_num_heads: 2, is_causal: 1, softcap_f: 2 },
      ],
    ],
    PARTS,
    TOKENS,
    OPSET,
  ),
  // One file: each run of three runtimes takes time.
  'and what stands around it, as the optimizer of ONNX Runtime joins it': chain(
    [
      ['com.microsoft.Attention', ['x', 'w', 'b'], { num_heads: 2 }],
      ['com.microsoft.SkipLayerNormalization', ['t0', 'x', 'g', 'h', 'c'], { epsilon_f: 0.01 }],
      ['com.microsoft.BiasGelu', ['t1', 'c']],
      [
        'com.microsoft.MultiHeadAttention',
        ['t2', 't1', 't0', 'b'],
        { num_heads: 3, unidirectional: 1 },
      ],
      ['com.microsoft.FastGelu', ['t3', 'c']],
      ['RMSNormalization', ['t4', 'g'], { epsilon_f: 0.01 }],
      ['com.microsoft.FusedMatMul', ['t5', 'x'], { transB: 1, alpha_f: 0.5 }],
    ],
    { w: floats(6, 18), b: floats(18), g: floats(6), h: floats(6), c: floats(6) },
    TOKENS,
    OPSET,
  ),
}

describe.each(Object.entries(ATTENTIONS))('attention %s', (name, file) => {
  test('agrees with ONNX Runtime', async () => {
    await expectAgreement(file, name.replace(/\W+/g, '-'))
  })
})

/** Attention over inputs of `[2, heads, positions, size]`. */
function batched(masks: readonly string[], outputs: readonly string[], more = {}): Uint8Array {
  return onnxBytes({
    nodes: [{ op: 'Attention', inputs: ['q', 'k', 'v', ...masks], outputs, attributes: more }],
    inputs: {
      q: [2, 4, 5, 8],
      k: [2, 2, 6, 8],
      v: [2, 2, 6, 10],
      ...(masks.length && { m: [5, 6] }),
    },
    outputs: outputs.filter((of) => of !== ''),
    opset: OPSET,
  })
}

test('heads that share keys, in a batch, are counted for each query', () => {
  const { network } = readOnnx(batched([], ['y']), 'batch')
  expect(networkCost(network).macs).toBe(2 * 4 * 5 * 6 * (8 + 10))
  expect(network.nodes.at(-1)?.shape).toEqual([2, 4, 5, 10])
})

test('the scores are an output if the file asks for them', () => {
  const { network } = readOnnx(batched(['m'], ['y', '', '', 's']), 'scores')
  expect(network.outputs.map((output) => network.nodes[output].shape)).toEqual([
    [2, 4, 5, 10],
    [2, 4, 5, 6],
  ])
})

test('a mask of padding counts as traffic', () => {
  const { network } = readOnnx(
    onnxBytes({
      nodes: [
        {
          op: 'Attention',
          domain: 'com.microsoft',
          inputs: ['x', 'w', 'b', 'm'],
          outputs: ['y'],
          attributes: { num_heads: 2 },
        },
      ],
      constants: { w: floats(6, 18), b: floats(18) },
      inputs: { x: [1, 5, 6], m: [1, 5] },
      outputs: ['y'],
    }),
    'padding',
  )
  expect(networkCost(network).macs).toBe(5 * 6 * 18 + 2 * (5 * 5 * 6))
  const types = network.nodes.map(({ operator }) => operator.type)
  expect(types).toContain('traffic')
  expect(types).not.toContain('unknown')
})
