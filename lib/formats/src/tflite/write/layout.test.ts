import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetworkBuilder, type Network, type Operator, type Shape } from '@leti/network'
import { expect, test } from 'vitest'
import { writeModel, type WeightType } from '../../index.js'
import { BUILTIN_NAMES } from '../builtin-names.js'
import { Flatbuffer, type Table } from '../read/flatbuffer.js'
import { minRuntimeVersion } from './runtime-version.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const WINDOW = { size: [3, 3], strides: [1, 1], padding: 'same' } as const

function one(operator: Operator, ...shapes: Shape[]): Network {
  const network = new NetworkBuilder()
  const inputs = shapes.map((shape, index) =>
    network.add(index === 0 ? 'image' : `image${index}`, { type: 'input', shape }),
  )
  return network.build('one', network.add('answer', operator, ...inputs))
}

const CONV = one({ type: 'conv2d', filters: 5, window: WINDOW, bias: true }, [6, 6, 3])

async function write(network: Network, weightType?: WeightType): Promise<Uint8Array> {
  const { path } = await writeModel(network, 'tflite', folder, 0, weightType)
  return new Uint8Array(readFileSync(path))
}

const modelOf = (bytes: Uint8Array): Table => new Flatbuffer(bytes).root()

/** Operators and their versions, by name. */
function versionsOf(model: Table): Record<string, number> {
  return Object.fromEntries(
    model.tables(1).map((code) => [BUILTIN_NAMES[code.int(3)], code.int(2, 1)] as const),
  )
}

function runtimeOf(model: Table): string {
  const [metadata] = model.tables(6)
  expect(metadata.string(0)).toBe('min_runtime_version')
  const buffer = model.tables(4)[metadata.int(1)].bytes(0)
  expect(buffer).toHaveLength(16)
  return new TextDecoder().decode(buffer).replace(/\0+$/, '')
}

test.each(['float32', 'float16'] as const)(
  '%s: buffers are aligned, the first empty',
  async (type) => {
    const bytes = await write(CONV, type)
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('TFL3')
    const model = modelOf(bytes)
    expect(model.int(0)).toBe(3)
    const [empty, ...filled] = model.tables(4).map((buffer) => buffer.bytes(0))
    expect(empty).toBeUndefined()
    const sizes = type === 'float32' ? [4 * 135, 4 * 5] : [2 * 135, 2 * 5]
    expect(filled.map((data) => data?.length)).toEqual([...sizes, 16])
    // Runtimes and delegates read the weights in place.
    for (const data of filled) expect((data as Uint8Array).byteOffset % 16).toBe(0)
  },
)

test('the signature names the inputs and outputs', async () => {
  const model = modelOf(await write(CONV))
  const [signature] = model.tables(7)
  const [subgraph] = model.tables(2)
  const tensors = subgraph.tables(0)
  expect(signature.string(2)).toBe('serving_default')
  for (const [slot, name] of ['image', 'answer'].entries()) {
    const [entry] = signature.tables(slot)
    expect(entry.string(0)).toBe(name)
    expect(tensors[entry.int(1)].string(3)).toBe(name)
    expect(subgraph.ints(slot + 1)).toEqual([entry.int(1)])
  }
})

test('weights in half precision go through DEQUANTIZE to float32', async () => {
  const model = modelOf(await write(CONV, 'float16'))
  expect(versionsOf(model)).toEqual({ DEQUANTIZE: 3, CONV_2D: 1 })
  expect(runtimeOf(model)).toBe('1.15.0')
})

const THREE = [2, 3, 4]
const FOUR = [2, 3, 4, 5]
const FIVE = [2, 3, 4, 5, 6]
const SIX = [2, 3, 4, 5, 6, 7]
const TRANSPOSED = {
  type: 'transpose_conv2d',
  filters: 2,
  window: WINDOW,
  outputSize: [6, 6],
} as const
const NEAREST = {
  type: 'resize_nearest',
  size: [9, 9],
  alignCorners: false,
  halfPixelCenters: false,
} as const

// The lowest version of each operator, as TensorFlow's converter chooses it (op_version.cc), and the first
// TensorFlow release that has it (runtime_version.cc).
test.each([
  [CONV, 'CONV_2D', 1, '1.5.0'],
  [
    one({ type: 'conv2d', filters: 4, window: WINDOW, bias: true, groups: 2 }, [6, 6, 4]),
    'CONV_2D',
    6,
    '2.9.0',
  ],
  [
    one(
      { type: 'depthwise_conv2d', window: { ...WINDOW, dilations: [2, 2] }, bias: true },
      [6, 6, 4],
    ),
    'DEPTHWISE_CONV_2D',
    2,
    '1.12.0',
  ],
  [one({ type: 'dense', units: 2, bias: false }, [8]), 'FULLY_CONNECTED', 1, '1.5.0'],
  [one({ type: 'dense', units: 2, bias: true }, [3, 8]), 'FULLY_CONNECTED', 5, '2.0.0'],
  [
    one(
      { type: 'resize_bilinear', size: [9, 9], alignCorners: false, halfPixelCenters: true },
      [6, 6, 4],
    ),
    'RESIZE_BILINEAR',
    3,
    '2.2.0',
  ],
  [one({ type: 'transpose', permutation: [0, 2, 1, 3] }, [2, 3, 4, 5]), 'TRANSPOSE', 4, '2.3.0'],
  [one({ type: 'transpose', permutation: [1, 0, 2, 3, 4] }, FIVE), 'TRANSPOSE', 6, '2.12.0'],
  [one({ type: 'transpose', permutation: [1, 0, 2, 3, 4, 5] }, SIX), 'TRANSPOSE', 8, '2.22.0'],
  [one({ type: 'slice', begin: [0, 0, 0, 0], size: [1, 1, 1, 1] }, FOUR), 'SLICE', 5, '2.5.0'],
  [one({ type: 'slice', begin: [0, 0, 0], size: [1, 1, 1] }, THREE), 'SLICE', 1, '1.14.0'],
  [one({ type: 'pad', paddings: FOUR.map(() => [0, 1] as const) }, FOUR), 'PAD', 4, '2.6.0'],
  [one({ type: 'pad', paddings: THREE.map(() => [0, 1] as const) }, THREE), 'PAD', 1, '1.5.0'],
  [
    one({ type: 'slice', begin: [0, 0, 0, 0], size: [1, 1, 2, 2], strides: [1, 1, 1, 2] }, FOUR),
    'STRIDED_SLICE',
    4,
    '2.2.0',
  ],
  [
    one({ type: 'slice', begin: [0, 0, 0], size: [1, 1, 2], strides: [1, 1, 2] }, THREE),
    'STRIDED_SLICE',
    1,
    '1.6.0',
  ],
  [one({ type: 'sub' }, FOUR, [1, 1, 1, 5]), 'SUB', 3, '2.3.0'],
  [one({ type: 'sub' }, FOUR, FOUR), 'SUB', 1, '1.6.0'],
  [one({ type: 'div' }, FOUR, [1, 1, 1, 5]), 'DIV', 2, '2.3.0'],
  [one({ type: 'div' }, THREE, [1, 1, 4]), 'DIV', 1, '1.6.0'],
  [one({ ...TRANSPOSED, bias: true }, [6, 6, 4]), 'TRANSPOSE_CONV', 3, '2.3.0'],
  [one({ ...TRANSPOSED, bias: false }, [6, 6, 4]), 'TRANSPOSE_CONV', 1, '1.9.0'],
  [one({ ...NEAREST, alignCorners: true }, [6, 6, 4]), 'RESIZE_NEAREST_NEIGHBOR', 3, '2.3.0'],
  [one({ ...NEAREST, halfPixelCenters: true }, [6, 6, 4]), 'RESIZE_NEAREST_NEIGHBOR', 3, '2.3.0'],
  [one(NEAREST, [6, 6, 4]), 'RESIZE_NEAREST_NEIGHBOR', 1, '1.13.1'],
] as [Network, string, number, string][])(
  'operator versions: case %#',
  async (network, name, version, runtime) => {
    const model = modelOf(await write(network))
    expect(versionsOf(model)).toEqual({ [name]: version })
    expect(runtimeOf(model)).toBe(runtime)
  },
)

test('refuses a version that the schema does not know', () => {
  const conv = { builtin: 'CONV_2D', version: 99, inputs: [], outputs: [], options: {} } as const
  expect(() => minRuntimeVersion([conv])).toThrow('"since" of CONV_2D lacks version 99')
})

test('the same seed gives the same file, another seed another; no partial file is left', async () => {
  const digest = async (seed: number): Promise<string | undefined> =>
    (await writeModel(CONV, 'tflite', folder, seed)).sha256
  const first = await digest(1)
  expect(await digest(1)).toBe(first)
  expect(await digest(2)).not.toBe(first)
  expect(readdirSync(join(folder, CONV.name))).toEqual(['model.tflite'])
})
