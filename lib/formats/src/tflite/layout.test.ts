import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetworkBuilder, type Network, type Operator, type Shape } from '@leti/network'
import { expect, test } from 'vitest'
import { writeModel, type WeightType } from '../index.js'
import { Flatbuffer, type Table } from './flatbuffer.js'
import { BUILTINS, type BuiltinName } from './schema.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const WINDOW = { size: [3, 3], strides: [1, 1], padding: 'same' } as const

function one(operator: Operator, shape: Shape): Network {
  const network = new NetworkBuilder()
  const input = network.add('image', { type: 'input', shape })
  return network.build('one', network.add('answer', operator, input))
}

const CONV = one({ type: 'conv2d', filters: 5, window: WINDOW, bias: true }, [6, 6, 3])

async function write(network: Network, weightType?: WeightType): Promise<Uint8Array> {
  const { path } = await writeModel(network, 'tflite', folder, 0, weightType)
  return new Uint8Array(readFileSync(path as string))
}

const modelOf = (bytes: Uint8Array): Table => new Flatbuffer(bytes).root()

/** Operators and their versions, by name. */
function versionsOf(model: Table): Record<string, number> {
  const nameOf = (code: number): string =>
    Object.keys(BUILTINS).find((name) => BUILTINS[name as BuiltinName].code === code) as string
  return Object.fromEntries(
    model.tables(1).map((code) => [nameOf(code.int(3)), code.int(2, 1)] as const),
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
    // Runtimes and delegates read the weights where they lie.
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

// The least versions of TensorFlow's own converter (op_version.cc), and the first TensorFlow that has
// them (runtime_version.cc).
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
] as [Network, string, number, string][])(
  'operator versions: case %#',
  async (network, name, version, runtime) => {
    const model = modelOf(await write(network))
    expect(versionsOf(model)).toEqual({ [name]: version })
    expect(runtimeOf(model)).toBe(runtime)
  },
)

test('the same seed gives the same file, another seed another; no part of a file stays', async () => {
  const digest = async (seed: number): Promise<string | undefined> =>
    (await writeModel(CONV, 'tflite', folder, seed)).sha256
  const first = await digest(1)
  expect(await digest(1)).toBe(first)
  expect(await digest(2)).not.toBe(first)
  expect(readdirSync(join(folder, CONV.name))).toEqual(['model.tflite'])
})
