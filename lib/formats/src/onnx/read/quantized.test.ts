import { describe, expect, test } from 'vitest'
import type { Tensor } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, scalar, TOKENS } from './chain.fixture.js'
import { readOnnx } from './read.js'

const signed = (...shape: number[]): Tensor => ({
  shape,
  codes: Int8Array.from(floats(...shape).floats as Float32Array, (value) => 120 * value),
})
const zero = (code: number): Tensor => ({ shape: [], codes: Int8Array.of(code) })
const INPUT = { xs: scalar(0.01), xz: zero(-7) }

/** Files in the ways that tools quantize. Outputs agree up to the quantization steps. */
const QUANTIZED: Record<string, Uint8Array> = {
  'activations and weights dequantized before each operator': chain(
    [
      ['QuantizeLinear', ['x', 'xs', 'xz']],
      ['DequantizeLinear', ['t0', 'xs', 'xz']],
      ['DequantizeLinear', ['w', 'ws', 'wz'], { axis: 0 }],
      ['DequantizeLinear', ['b', 'bs'], { axis: 0 }],
      ['Conv', ['t1', 't2', 't3'], { pads: [1, 1, 1, 1] }],
      ['Relu', ['t4']],
      ['QuantizeLinear', ['t5', 'ys', 'yz']],
      ['DequantizeLinear', ['t6', 'ys', 'yz']],
    ],
    {
      ...INPUT,
      w: signed(3, 6, 3, 3),
      ws: { shape: [3], floats: Float32Array.of(0.01, 0.005, 0.02) },
      wz: { shape: [3], codes: Int8Array.of(0, 0, 0) },
      b: { shape: [3], codes: Int32Array.of(1000, -2000, 300) },
      bs: { shape: [3], floats: Float32Array.of(1e-4, 5e-5, 2e-4) },
      ys: scalar(0.1),
      yz: zero(-128),
    },
  ),
  'quantized operators': chain(
    [
      ['QuantizeLinear', ['x', 'xs', 'xz']],
      [
        'QLinearConv',
        ['t0', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz', 'b'],
        { strides: [2, 2], pads: [1, 1, 1, 1] },
      ],
      ['QLinearMatMul', ['t1', 'ys', 'yz', 'm', 'ms', 'mz', 'zs', 'xz']],
      ['DequantizeLinear', ['t2', 'zs', 'xz']],
    ],
    {
      ...INPUT,
      w: signed(3, 6, 3, 3),
      ws: { shape: [3], floats: Float32Array.of(0.01, 0.005, 0.02) },
      wz: { shape: [3], codes: Int8Array.of(0, 0, 0) },
      b: { shape: [3], codes: Int32Array.of(1000, -2000, 300) },
      ys: scalar(0.15),
      yz: zero(3),
      m: signed(5, 4),
      ms: scalar(0.01),
      mz: zero(0),
      zs: scalar(0.3),
    },
  ),
  'a convolution with dynamic quantization': chain(
    [
      ['DynamicQuantizeLinear', ['x']],
      ['ConvInteger', ['t0', 'w', 't0_zero', 'wz'], { pads: [1, 1, 1, 1] }],
      ['Cast', ['t1'], { to: 1 }],
      ['Mul', ['t0_scale', 'ws']],
      ['Mul', ['t2', 't3']],
    ],
    { w: signed(4, 6, 3, 3), wz: zero(0), ws: scalar(0.01) },
  ),
  'attention with dynamic quantization': chain(
    [
      ['DynamicQuantizeLinear', ['x']],
      [
        'com.microsoft.QAttention',
        ['t0', 'w', 'b', 't0_scale', 'ws', '', 't0_zero', 'wz'],
        { num_heads: 2 },
      ],
    ],
    { w: signed(6, 18), wz: zero(0), ws: scalar(0.01), b: floats(18) },
    TOKENS,
  ),
  'a product of two computed tensors with dynamic quantization': chain(
    [
      ['DynamicQuantizeLinear', ['x']],
      ['Transpose', ['x'], { perm: [0, 2, 1] }],
      ['DynamicQuantizeLinear', ['t1']],
      ['MatMulInteger', ['t0', 't2', 't0_zero', 't2_zero']],
      ['Cast', ['t3'], { to: 1 }],
      ['Mul', ['t0_scale', 't2_scale']],
      ['Mul', ['t4', 't5']],
      ['com.microsoft.DynamicQuantizeMatMul', ['t6', 'w', 'ws', '', 'b']],
    ],
    { w: signed(5, 4), ws: scalar(0.01), b: floats(4) },
    TOKENS,
  ),
  'a matrix product with dynamic quantization': chain(
    [
      ['DynamicQuantizeLinear', ['x']],
      ['MatMulInteger', ['t0', 'w', 't0_zero', 'wz']],
      ['Cast', ['t1'], { to: 1 }],
      ['Mul', ['t0_scale', 'ws']],
      ['Mul', ['t2', 't3']],
      ['Add', ['t4', 'b']],
    ],
    { w: signed(6, 4), wz: zero(2), ws: scalar(0.01), b: floats(4) },
    TOKENS,
  ),
}

describe.each(Object.entries(QUANTIZED))('%s', (name, file) => {
  test('agrees with ONNX Runtime up to the quantization steps', async () => {
    await expectAgreement(file, name.replace(/\W+/g, '-'), { tolerance: 0.04 })
    expect(readOnnx(file, 'quantized').isQuantized).toBe(true)
  })
})
