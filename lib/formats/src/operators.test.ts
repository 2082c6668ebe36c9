import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  isElementwiseFunction,
  isSource,
  networkCost,
  NetworkBuilder,
  type Network,
  type Operator,
  type OperatorType,
  type Shape,
} from '@leti/network'
import { describe, expect, test } from 'vitest'
import { EXAMPLES } from '../../network/src/operators.fixture.js'
import { convertModel, readModel, writeModel } from './index.js'
import { runInLiteRt } from './litert.fixture.js'
import { expectAlike, feed } from './outputs.fixture.js'
import { runInTfjs } from './tfjs.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

/** A network with one operator. An input is given by its shape, a constant as `{ constant: shape }`. */
function one(operator: Operator, ...inputs: (Shape | { constant: Shape })[]): Network {
  const network = new NetworkBuilder()
  const nodes = inputs.map((input, index) =>
    'constant' in input
      ? network.add(`constant${index}`, { type: 'constant', shape: input.constant })
      : network.add(`input${index}`, { type: 'input', shape: input }),
  )
  return network.build('one', network.add('operator', operator, ...nodes))
}

const IMAGE: Shape = [9, 7, 4]
const SAME = { size: [3, 3], strides: [2, 2], padding: 'same' } as const
const VALID = { size: [3, 2], strides: [1, 2], padding: 'valid' } as const
const DILATED = { size: [3, 3], strides: [1, 1], padding: 'same', dilations: [2, 3] } as const
const RESIZE = { size: [13, 10], alignCorners: false, halfPixelCenters: false } as const
const TRANSPOSED = { type: 'transpose_conv2d', filters: 3, bias: true } as const

const UNWRITABLE: readonly OperatorType[] = ['zeros', 'traffic', 'unknown', 'unknown_output']

/** The types of operators that a file of either format can hold; `elementwise.test.ts` has the functions. */
const EXAMPLE_NETWORKS = EXAMPLES.filter(
  ({ operator }) =>
    !isSource(operator) && !isElementwiseFunction(operator) && !UNWRITABLE.includes(operator.type),
).map(({ operator, inputs }) => [operator.type, one(operator, ...inputs)] as const)

/** Variants that differ in a file, besides the example of each type. */
const VARIANTS: Record<string, Network> = {
  'conv2d same, bias': one({ type: 'conv2d', filters: 5, window: SAME, bias: true }, IMAGE),
  'conv2d valid': one({ type: 'conv2d', filters: 5, window: VALID, bias: false }, IMAGE),
  'conv2d dilated': one({ type: 'conv2d', filters: 5, window: DILATED, bias: true }, IMAGE),
  depthwise: one({ type: 'depthwise_conv2d', window: SAME, bias: true }, IMAGE),
  'depthwise dilated': one({ type: 'depthwise_conv2d', window: DILATED, bias: true }, IMAGE),
  'depthwise multiplied': one(
    { type: 'depthwise_conv2d', window: VALID, bias: true, multiplier: 3 },
    IMAGE,
  ),
  'transpose_conv2d valid': one(
    { ...TRANSPOSED, bias: false, window: VALID, outputSize: [11, 14] },
    IMAGE,
  ),
  dense: one({ type: 'dense', units: 6, bias: true }, [20]),
  'dense without bias': one({ type: 'dense', units: 6, bias: false }, [20]),
  'dense of rows': one({ type: 'dense', units: 6, bias: true }, [5, 20]),
  matmul: one({ type: 'matmul', transposeB: false }, [2, 5, 4], [2, 4, 3]),
  rsqrt: shifted(),
  'avg_pool same': one({ type: 'avg_pool', window: SAME }, IMAGE),
  'avg_pool valid': one({ type: 'avg_pool', window: VALID }, IMAGE),
  'mean kept': one({ type: 'mean', axes: [0, 1], keepDims: true }, IMAGE),
  'mean of channels': one({ type: 'mean', axes: [2], keepDims: false }, IMAGE),
  'reduce_max kept': one({ type: 'reduce_max', axes: [0, 1], keepDims: true }, IMAGE),
  'reduce_max of channels': one({ type: 'reduce_max', axes: [2], keepDims: false }, IMAGE),
  'mean of all': one({ type: 'mean', axes: [0, 1, 2], keepDims: false }, IMAGE),
  softmax: one({ type: 'softmax' }, [10]),
  'softmax of rows': one({ type: 'softmax' }, [4, 10]),
  'clip above': one({ type: 'clip', max: 0.25 }, IMAGE),
  'clip below': one({ type: 'clip', min: -0.5 }, IMAGE),
  'clip on both sides': one({ type: 'clip', min: -0.5, max: 0.25 }, IMAGE),
  prelu: one({ type: 'prelu' }, IMAGE, { constant: [1, 1, 4] }),
  'add with three inputs': one({ type: 'add' }, IMAGE, IMAGE, IMAGE),
  'add of a constant': one({ type: 'add' }, IMAGE, { constant: [4] }),
  'sub from a constant': one({ type: 'sub' }, { constant: [1] }, IMAGE),
  'mul by a gate': one({ type: 'mul' }, IMAGE, [1, 1, 4]),
  'div by a constant': one({ type: 'div' }, IMAGE, { constant: [9, 7, 4] }),
  concat: one({ type: 'concat' }, IMAGE, [9, 7, 2], IMAGE),
  'concat with a constant': one({ type: 'concat', axis: 2 }, IMAGE, { constant: [9, 7, 1] }),
  slice: one({ type: 'slice', begin: [1, 2, 0], size: [4, 5, 3] }, IMAGE),
  'slice with strides': one(
    { type: 'slice', begin: [1, 0, 1], size: [3, 4, 2], strides: [3, 2, 2] },
    IMAGE,
  ),
  'slice backwards': one(
    { type: 'slice', begin: [8, 6, 0], size: [9, 3, 4], strides: [-1, -2, 1] },
    IMAGE,
  ),
  squeeze: one({ type: 'squeeze', axes: [0, 1] }, [1, 1, 6]),
  resize_bilinear: one({ type: 'resize_bilinear', ...RESIZE }, IMAGE),
  'resize_bilinear of half pixels': one(
    { type: 'resize_bilinear', ...RESIZE, halfPixelCenters: true },
    IMAGE,
  ),
  resize_nearest: one({ type: 'resize_nearest', ...RESIZE }, IMAGE),
  ...Object.fromEntries(
    (
      ['relu', 'relu6', 'relu_n1_to_1', 'elu', 'hard_swish', 'gelu', 'sigmoid', 'tanh'] as const
    ).map((type) => [type, one({ type }, IMAGE)]),
  ),
  ...Object.fromEntries(
    (['relu', 'relu6', 'hard_swish', 'sigmoid'] as const).map((type) => [
      `${type} after each operator that may fuse it`,
      activated({ type }),
    ]),
  ),
  'several inputs and outputs': several(),
}

/** A reciprocal square root of an input that a constant makes positive. */
function shifted(): Network {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: IMAGE })
  const two = network.add('two', { type: 'constant', shape: [], value: 2 })
  const sum = network.add('sum', { type: 'add' }, image, two)
  return network.build('shifted', network.add('root', { type: 'rsqrt' }, sum))
}

/** An activation function after operators that fuse it, and after others that do not. */
function activated(activation: Operator): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: IMAGE })
  const conv = network.add(
    'conv',
    { type: 'conv2d', filters: 4, window: DILATED, bias: true },
    input,
  )
  const norm = network.add('norm', { type: 'batch_norm' }, conv)
  const first = network.add('first', activation, norm)
  const sum = network.add('sum', { type: 'add' }, first, input, input)
  const second = network.add('second', activation, sum)
  const pool = network.add('pool', { type: 'max_pool', window: SAME }, second)
  const third = network.add('third', activation, pool)
  const scaled = network.add('scaled', { type: 'batch_norm' }, third)
  const fourth = network.add('fourth', activation, scaled)
  const flat = network.add('flat', { type: 'reshape', shape: [80] }, fourth)
  const dense = network.add('dense', { type: 'dense', units: 7, bias: false }, flat)
  return network.build('activated', network.add('last', activation, dense))
}

/** The first output is also read within the network: no activation may be fused into it. */
function several(): Network {
  const network = new NetworkBuilder()
  const a = network.add('a', { type: 'input', shape: IMAGE })
  const b = network.add('b', { type: 'input', shape: [9, 7, 2] })
  const conv = { type: 'conv2d', filters: 2, window: DILATED, bias: true } as const
  const raw = network.add('raw', conv, a)
  const relu = network.add('relu', { type: 'relu' }, raw)
  const both = network.add('both', { type: 'concat' }, relu, b)
  return network.build('several', raw, network.add('sum', { type: 'mul' }, both, a), relu)
}

describe.each([...EXAMPLE_NETWORKS, ...Object.entries(VARIANTS)])('%s', (_name, network) => {
  test('computes the same in TensorFlow.js and in LiteRT, also after it is read back', async () => {
    const tflite = await writeModel(network, 'tflite', join(folder, 'written'), 0)
    const tfjs = await writeModel(network, 'tfjs', join(folder, 'written'), 0)
    const expected = await runInTfjs(tfjs.path, 'cpu', feed)
    const run = await runInLiteRt(readFileSync(tflite.path), feed)
    expectAlike(run.values, expected, 1e-5)
    expect(run.outputs.map(({ shape }) => [...shape])).toEqual(
      network.outputs.map((output) => [1, ...network.nodes[output].shape]),
    )

    const read = await readModel(tflite.path)
    expect(networkCost(read.network).macs).toBe(networkCost(network).macs)
    const { path } = await convertModel(tflite.path, 'tfjs', join(folder, 'read'))
    expectAlike(await runInTfjs(path, 'cpu', feed), expected, 1e-5)
    const again = await convertModel(tflite.path, 'tflite', join(folder, 'read'))
    const rerun = await runInLiteRt(readFileSync(again.path), feed)
    expect(rerun.values).toEqual(run.values)

    const ofTfjs = await readModel(tfjs.path)
    expect(networkCost(ofTfjs.network).macs).toBe(networkCost(network).macs)
    const third = await convertModel(tfjs.path, 'tflite', join(folder, 'third'))
    const { values } = await runInLiteRt(readFileSync(third.path), feed)
    expectAlike(values, expected, 1e-5)
  })
})
