import { describe, test } from 'vitest'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, ints, scalar, TOKENS } from './chain.fixture.js'

// Parts of transformers as exporters write them: the networks that are read agree with ONNX Runtime.

/** Tokens of 6 channels, in 2 heads. */
const HEADS = { split: ints(1, 5, 2, 3), joined: ints(1, 5, 6) }

const GELU = {
  root: scalar(Math.SQRT2),
  inverse: scalar(Math.SQRT1_2),
  one: scalar(1),
  half: scalar(0.5),
}

const TRANSFORMERS: Record<string, Uint8Array> = {
  'self-attention': chain(
    [
      ['MatMul', ['x', 'q']],
      ['Reshape', ['t0', 'split']],
      ['Transpose', ['t1'], { perm: [0, 2, 1, 3] }],
      ['MatMul', ['x', 'k']],
      ['Reshape', ['t3', 'split']],
      ['Transpose', ['t4'], { perm: [0, 2, 3, 1] }],
      ['MatMul', ['t2', 't5']],
      ['Div', ['t6', 'root']],
      ['Softmax', ['t7']],
      ['MatMul', ['t8', 't2']],
      ['Transpose', ['t9'], { perm: [0, 2, 1, 3] }],
      ['Reshape', ['t10', 'joined']],
    ],
    { q: floats(6, 6), k: floats(6, 6), root: scalar(Math.sqrt(3)), ...HEADS },
    TOKENS,
  ),
  'a matrix product with a transposed tensor': chain(
    [
      ['Tanh', ['x']],
      ['Transpose', ['t0'], { perm: [0, 2, 1] }],
      ['MatMul', ['x', 't1']],
    ],
    {},
    TOKENS,
  ),
  'a matrix product with a constant on the left': chain(
    [['MatMul', ['w', 'x']]],
    { w: floats(1, 4, 5) },
    TOKENS,
  ),
  'a layer norm in single operators': chain(
    [
      ['ReduceMean', ['x'], { axes: [-1] }],
      ['Sub', ['x', 't0']],
      ['Pow', ['t1', 'two']],
      ['ReduceMean', ['t2'], { axes: [-1] }],
      ['Add', ['t3', 'epsilon']],
      ['Sqrt', ['t4']],
      ['Div', ['t1', 't5']],
      ['Mul', ['t6', 's']],
      ['Add', ['t7', 'o']],
      ['Reciprocal', ['t5']],
      ['Mul', ['t8', 't9']],
    ],
    { two: scalar(2), epsilon: scalar(1e-5), s: floats(6), o: floats(6) },
    TOKENS,
  ),
  'LayerNormalization over two axes, and Gelu': chain(
    [
      ['LayerNormalization', ['x', 's', 'o'], { axis: 1, epsilon_f: 0.01 }],
      ['Gelu', ['t0']],
    ],
    { s: floats(5, 6), o: floats(5, 6) },
    TOKENS,
    20,
  ),
  'a GELU in single operators, as PyTorch exports it': chain(
    [
      ['Div', ['x', 'root']],
      ['Erf', ['t0']],
      ['Add', ['t1', 'one']],
      ['Mul', ['x', 't2']],
      ['Mul', ['t3', 'half']],
    ],
    GELU,
    TOKENS,
  ),
  'GELUs in other orders': chain(
    [
      ['Mul', ['x', 'half']],
      ['Mul', ['inverse', 'x']],
      ['Erf', ['t1']],
      ['Add', ['one', 't2']],
      ['Mul', ['t0', 't3']],
      ['Div', ['t4', 'root']],
      ['Erf', ['t5']],
      ['Add', ['t6', 'one']],
      ['Mul', ['t7', 'half']],
      ['Mul', ['t8', 't4']],
    ],
    GELU,
    TOKENS,
  ),
  InstanceNormalization: chain([['InstanceNormalization', ['x', 's', 'o'], { epsilon_f: 0.01 }]], {
    s: floats(6),
    o: floats(6),
  }),
}

describe.each(Object.entries(TRANSFORMERS))('%s', (name, file) => {
  test('agrees with ONNX Runtime', async () => {
    await expectAgreement(file, name.replace(/\W+/g, '-'))
  })
})
