import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import type { Tensor } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, ints, TOKENS } from './chain.fixture.js'
import { readOnnx } from './read.js'

// Products in forms of their own: fused with an activation, and as an equation.

const bytes = (...shape: number[]): Tensor => ({
  shape,
  codes: Uint8Array.from(floats(...shape).floats as Float32Array, (value) => 128 + 127 * value),
})

const FILES: Record<string, readonly [macs: number, file: Uint8Array]> = {
  // 6 x 8 outputs of 7 filters of 3 x 3 x 6.
  'a convolution fused with a ReLU': [
    6 * 8 * 7 * 54,
    chain([['com.microsoft.FusedConv', ['x', 'w', 'b'], { activation: 'Relu' }]], {
      w: floats(7, 6, 3, 3),
      b: floats(7),
    }),
  ],
  'a convolution fused with a leaky ReLU': [
    8 * 10 * 7 * 6,
    chain(
      [
        [
          'com.microsoft.FusedConv',
          ['x', 'w'],
          { activation: 'LeakyRelu', activation_params_f: [0.2] },
        ],
      ],
      { w: floats(7, 6, 1, 1) },
    ),
  ],
  'a convolution fused with a clip': [
    8 * 10 * 7 * 6,
    chain(
      [
        [
          'com.microsoft.FusedConv',
          ['x', 'w'],
          { activation: 'Clip', activation_params_f: [-0.5, 0.5] },
        ],
      ],
      { w: floats(7, 6, 1, 1) },
    ),
  ],
  'a convolution fused with a sum and a ReLU': [
    8 * 10 * 6 * 6,
    chain([['com.microsoft.FusedConv', ['x', 'w', 'b', 'x'], { activation: 'Relu' }]], {
      w: floats(6, 6, 1, 1),
      b: floats(6),
    }),
  ],
  'a matrix product fused with a leaky ReLU': [
    6 * 5,
    chain(
      [
        [
          'com.microsoft.FusedGemm',
          ['x', 'w', 'b'],
          { activation: 'LeakyRelu', activation_alpha_f: 0.3, transB: 1 },
        ],
      ],
      { w: floats(5, 6), b: floats(5) },
      [1, 6],
    ),
  ],
  'an equation of a dense layer': [
    5 * 6 * 4,
    chain([['Einsum', ['x', 'w'], { equation: 'btc, cd -> btd' }]], { w: floats(6, 4) }, TOKENS),
  ],
  'an equation with the constant on the left': [
    5 * 6 * 4,
    chain([['Einsum', ['w', 'x'], { equation: 'dt,btc->bdc' }]], { w: floats(4, 5) }, TOKENS),
  ],
  'an equation that splits heads': [
    5 * 6 * 8,
    chain([['Einsum', ['x', 'w'], { equation: 'btc,chd->bhtd' }]], { w: floats(6, 2, 4) }, TOKENS),
  ],
  'an equation of attention, of two computed tensors': [
    6 * 8 * 8 * 10,
    chain([
      ['Relu', ['x']],
      ['Einsum', ['x', 't0'], { equation: 'bhqd,bhkd->bhkq' }],
    ]),
  ],
  'a product with a matrix of codes of 4 bits': [
    5 * 40 * 6,
    chain(
      [
        [
          'com.microsoft.MatMulNBits',
          ['x', 'w', 's', 'z'],
          { K: 40, N: 6, bits: 4, block_size: 16 },
        ],
      ],
      { w: bytes(6, 3, 8), s: floats(18), z: bytes(12) },
      [1, 5, 40],
    ),
  ],
  'a transposed convolution of volumes whose windows lie side by side': [
    3 * 4 * 5 * 6 * 2 * 12,
    chain(
      [['ConvTranspose', ['x', 'w', 'b'], { strides: [2, 3, 2] }]],
      { w: floats(6, 2, 2, 3, 2), b: floats(2) },
      [1, 6, 3, 4, 5],
    ),
  ],
  'a convolution of volumes in groups': [
    3 * 4 * 5 * 4 * 3 * 27,
    chain(
      [['Conv', ['x', 'w', 'b'], { group: 2, pads: [1, 1, 1, 1, 1, 1] }]],
      { w: floats(4, 3, 3, 3, 3), b: floats(4) },
      [1, 6, 3, 4, 5],
    ),
  ],
  'a product of a vector with each row': [
    5 * 6,
    chain([['MatMul', ['x', 'w']]], { w: floats(6) }, TOKENS),
  ],
  'a product of a vector and a matrix': [
    5 * 6,
    chain([['MatMul', ['w', 'x']]], { w: floats(5) }, TOKENS),
  ],
  'a product of one computed row with several matrices': [
    3 * 5 * 6,
    chain(
      [
        ['ReduceMean', ['x'], { axes: [0, 2], keepdims: 0 }],
        ['Unsqueeze', ['t0', 'zero']],
        ['MatMul', ['t1', 'w']],
        ['Relu', ['t2']],
      ],
      { zero: ints(0), w: floats(3, 5, 6) },
      TOKENS,
    ),
  ],
  'a product whose matrices are broadcast on both sides': [
    6 * 2 * 8 * 10 * 4,
    chain(
      [
        ['Unsqueeze', ['x', 'two']],
        ['MatMul', ['t0', 'w']],
        ['Squeeze', ['t1', 'zero']],
      ],
      { two: ints(2), zero: ints(0), w: floats(2, 10, 4) },
    ),
  ],
  'an equation with dots': [
    5 * 6 * 4,
    chain([['Einsum', ['x', 'w'], { equation: '...c,cd->d...' }]], { w: floats(6, 4) }, TOKENS),
  ],
  'an equation of three tensors': [
    5 * 6 * 4 + 5 * 4 * 3,
    chain(
      [['Einsum', ['x', 'w', 'v'], { equation: 'btc,cd,de->bte' }]],
      { w: floats(6, 4), v: floats(4, 3) },
      TOKENS,
    ),
  ],
  'an equation that sums before its product': [
    6 * 4,
    chain([['Einsum', ['x', 'w'], { equation: 'btc,cd->bd' }]], { w: floats(6, 4) }, TOKENS),
  ],
  'an equation that only moves axes and sums': [
    0,
    chain([['Einsum', ['x'], { equation: 'bchw->wb' }]]),
  ],
  'an equation without an output': [
    5 * 6 * 4,
    chain([['Einsum', ['x', 'w'], { equation: 'btc,cd' }]], { w: floats(6, 4) }, TOKENS),
  ],
}

test.each(Object.entries(FILES))('%s', async (name, [macs, file]) => {
  const network = await expectAgreement(file, name.replace(/\W+/g, '-'))
  expect(networkCost(network).macs).toBe(macs)
})

test.each(['btt,td->bd', 'b.tc,cd->btd', '...tcx,cd->...d', 'btc,cd->btx', 'btc,cD'])(
  'the equation %s is unknown, not guessed',
  (equation) => {
    const inputs = equation.includes(',') ? ['x', 'w'] : ['x']
    const file = chain([['Einsum', inputs, { equation }]], { w: floats(6, 4) }, TOKENS)
    expect(() => readOnnx(file, 'x')).toThrow('Einsum')
  },
)

test.each([
  [
    'of volumes',
    [2, 3, 3, 3],
    { strides: [1, 2, 2], pads: [1, 1, 1, 1, 1, 1], group: 2 },
    [6, 8, 10],
  ],
  ['with gaps', [4, 3, 3], { dilations: [2, 2] }, [12, 14]],
])(
  'a transposed convolution %s has its products and its shape',
  (_name, filter, attributes, sizes) => {
    const before = sizes.length === 3 ? [6, 4, 5] : [8, 10]
    const groups = 'group' in attributes ? 2 : 1
    const outputs = groups * filter[0]
    const file = chain(
      [['ConvTranspose', ['x', 'w', 'b'], attributes]],
      { w: floats(6, ...filter), b: floats(outputs) },
      [1, 6, ...before],
    )
    const { network } = readOnnx(file, 'transposed')
    const { macs, parameters } = networkCost(network)
    const weights = 6 * filter.reduce((product, size) => product * size, 1)
    const pixels = before.reduce((product, size) => product * size, 1)
    expect(parameters).toBe(weights + outputs)
    expect(macs).toBe(weights * pixels)
  },
)

test('an activation that LETI does not know stays unknown', () => {
  const attributes = { activation: 'HardSigmoid' }
  const file = chain([['com.microsoft.FusedConv', ['x', 'w'], attributes]], {
    w: floats(7, 6, 3, 3),
  })
  expect(() => readOnnx(file, 'x')).toThrow('FusedConv')
})
