import { describe, expect, test } from 'vitest'
import {
  cutShort,
  NO_MODELS,
  outcomeOf,
  outcomesOf,
  withBytesChanged,
} from '../../damage.fixture.js'
import { onnxBytes, type OnnxModel } from '../../onnx.fixture.js'
import { ocrFile } from './ocr.fixture.js'
import { readOnnx } from './read.js'

const TRIALS = 150

const readOutcome = (bytes: Uint8Array, shape?: readonly number[]): Promise<string> =>
  outcomeOf(() => readOnnx(bytes, 'damaged', shape))

describe('a real file', () => {
  const file = ocrFile('ch_ppocr_mobile_v2.0_cls_infer')
  const outcome = (bytes: Uint8Array) => readOutcome(bytes, [1, 3, 48, 192])

  test('is bad-model if truncated', async () => {
    expect(await outcome(file)).toBe('none')
    const outcomes = await outcomesOf(TRIALS, 1, (below, trial) =>
      outcome(cutShort(file, below, trial, TRIALS)),
    )
    expect([...outcomes]).toEqual(['bad-model'])
  })

  test.each([1, 10, 1000])('with %i bytes changed is read or refused', async (changes) => {
    await outcomesOf(TRIALS / 5, changes, (below) =>
      outcome(withBytesChanged(file, changes, below)),
    )
  })

  test('with bytes of its structure changed is read or refused', async () => {
    const text = new TextDecoder('latin1').decode(file)
    const names = [...text.matchAll(/Conv|Add|kernel_shape|pads|strides|Mul|Reshape|dilations/g)]
    const outcomes = await outcomesOf(TRIALS, 2, (below) => {
      const nearName = (): number => names[below(names.length)].index + below(24) - 8
      return outcome(withBytesChanged(file, 3, below, nearName))
    })
    expect(outcomes).toContain('bad-model')
  })
})

test.each<[string, Uint8Array]>([
  ...NO_MODELS,
  ['nested groups', new Uint8Array(4096).fill(0x0b)],
  ['a field repeated without end', new Uint8Array(2 ** 24).fill(0x08)],
])('%s is bad-model', async (_name, bytes) => {
  expect(await readOutcome(bytes)).toBe('bad-model')
})

describe('a small file that expands to a large network', () => {
  const model = (change: Partial<OnnxModel>): Uint8Array =>
    onnxBytes({
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
      inputs: { x: [1, 4] },
      outputs: ['y'],
      ...change,
    })

  test('is read without such an expansion', async () => {
    expect(await readOutcome(model({}))).toBe('none')
  })

  const huge = { shape: [2], ints: [2 ** 15, 2 ** 15] }

  test.each([
    ['an input larger than memory', { inputs: { x: [1, 2 ** 30, 2 ** 30] } }],
    [
      'a huge ConstantOfShape',
      {
        nodes: [
          { op: 'ConstantOfShape', inputs: ['s'], outputs: ['c'] },
          { op: 'Add', inputs: ['x', 'c'], outputs: ['y'] },
        ],
        constants: { s: huge },
        inputs: { x: [1, 1] },
      },
    ],
    [
      'a huge padding',
      {
        nodes: [{ op: 'Pad', inputs: ['x', 'p'], outputs: ['y'] }],
        constants: { p: { shape: [4], ints: [0, 2 ** 40, 0, 2 ** 40] } },
      },
    ],
    [
      'a window larger than memory',
      {
        nodes: [
          {
            op: 'MaxPool',
            inputs: ['x'],
            outputs: ['y'],
            attributes: { kernel_shape: [1, 1], pads: [0, 2 ** 40, 0, 0] },
          },
        ],
        inputs: { x: [1, 4, 4, 4] },
      },
    ],
  ])('%s is refused', async (_name, change) => {
    expect(['bad-model', 'unsupported']).toContain(await readOutcome(model(change)))
  })

  test('a long chain of pending nodes does not overflow the stack', async () => {
    const row = Array.from({ length: 20_000 }, (_, at) => ({
      op: at % 2 ? 'Relu' : 'Reshape',
      inputs: [`x${at}`, ...(at % 2 ? [] : ['s'])],
      outputs: [`x${at + 1}`],
    }))
    const nodes = [{ op: 'Tanh', inputs: ['x'], outputs: ['x0'] }, ...row]
    const file = model({
      nodes: [...nodes, { op: 'Relu', inputs: ['x20000'], outputs: ['y'] }],
      constants: { s: { shape: [3], ints: [1, 2, 2] } },
    })
    expect(await readOutcome(file)).toBe('none')
  })

  test('an operator with too many inputs is bad-model', async () => {
    const inputs = Array<string>(200_000).fill('x')
    const file = model({ nodes: [{ op: 'Concat', inputs, outputs: ['y'] }] })
    expect(await readOutcome(file)).toBe('bad-model')
  })

  test('the folding of repeated sums stops at its budget', async () => {
    const large = { shape: [8192], floats: new Float32Array(8192) }
    const doubled = Array.from({ length: 60 }, (_, at) => ({
      op: 'Add',
      inputs: [`c${at}`, `c${at}`],
      outputs: [`c${at + 1}`],
    }))
    const nodes = [...doubled, { op: 'Add', inputs: ['x', 'c60'], outputs: ['y'] }]
    const file = model({ nodes, constants: { c0: large }, inputs: { x: [1, 8192] } })
    // ONNX Runtime computes such a constant, which `readOnnx` does not start.
    expect(await readOutcome(file)).toBe('unsupported')
  })
})
