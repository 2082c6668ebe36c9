import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, ints, TOKENS } from './chain.fixture.js'
import { readOnnx } from './read.js'

// Products in forms of their own: fused with an activation, and as an equation.

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

test('an activation that LETI does not know stays unknown', () => {
  const attributes = { activation: 'HardSigmoid' }
  const file = chain([['com.microsoft.FusedConv', ['x', 'w'], attributes]], {
    w: floats(7, 6, 3, 3),
  })
  expect(() => readOnnx(file, 'x')).toThrow('FusedConv')
})
