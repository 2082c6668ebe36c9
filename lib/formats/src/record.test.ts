import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost } from '@leti/network'
import { networkOf, zooRecord } from '@leti/spaces'
import { describe, expect, test } from 'vitest'
import { describeModel, openNetwork, writeModel } from './index.js'
import { FORMATS } from './names.js'

const temporary = (): string => mkdtempSync(join(tmpdir(), 'leti-test-'))

function nb201(arch_str: string) {
  return { id: 'cell', arch: { space: 'nb201', arch_str } }
}

describe('model of an NAS-Bench-201 cell', () => {
  // A 3x3 convolution has 2359296 MACs in each of the 15 cells (32*32*9*16*16 = 16*16*9*32*32 =
  // 8*8*9*64*64), a 1x1 convolution 262144. The skeleton has 442368 in the stem, twice
  // 1179648 + 2359296 + 131072 in the reductions, and 640 in the dense layer.
  const skeletonMacs = 442368 + 2 * (1179648 + 2359296 + 131072) + 640
  // A convolution has a batch norm with two parameters a channel. 3x3: five cells at each of 16, 32 and
  // 64 channels; 1x1 alike.
  const window = 5 * (2304 + 32 + 9216 + 64 + 36864 + 128)
  const pointwise = 5 * (256 + 32 + 1024 + 64 + 4096 + 128)
  // The stem; two reductions of two 3x3 convolutions and a 1x1 without batch norm; the last batch norm;
  // the dense layer.
  const skeleton = 464 + (4672 + 9280 + 512) + (18560 + 36992 + 2048) + 128 + 650

  test('with a dead branch counts the written and the executed network', () => {
    // The 3x3 convolution on the edge 0-1 leads nowhere.
    const network = networkOf(
      nb201('|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|'),
    )
    expect(describeModel(network, 'tfjs')).toEqual({
      format: 'tfjs',
      parameters: skeleton + 2 * window + pointwise,
      macs: skeletonMacs + 15 * (2 * 2359296 + 262144),
      executed_parameters: skeleton + window + pointwise,
      executed_macs: skeletonMacs + 15 * (2359296 + 262144),
    })
  })

  test('has one count if the converter removes no convolution', () => {
    // Zeros and a sum of one term are removed; neither has MACs or parameters.
    const network = networkOf(nb201('|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|'))
    expect(network.executed.nodes.length).toBeLessThan(network.written.nodes.length)
    expect(describeModel(network, 'tflite')).toEqual({
      format: 'tflite',
      parameters: skeleton + window,
      macs: skeletonMacs + 15 * 2359296,
    })
  })

  test('whose output does not depend on its input is refused', async () => {
    const network = networkOf(nb201('|none~0|+|none~0|none~1|+|none~0|none~1|none~2|'))
    const refusal = expect.objectContaining({ code: 'unsupported' }) as Error
    for (const format of FORMATS) {
      expect(() => describeModel(network, format)).toThrow(refusal)
      await expect(writeModel(network.executed, format, temporary(), 0)).rejects.toThrow(refusal)
    }
  })
})

describe('a network from a model file', () => {
  test('has the weights of the file, one graph, and the name of the record', async () => {
    const { executed } = networkOf(zooRecord('squeezenet1_1', { resolution: 64 }))
    const { path, sha256 } = await writeModel(executed, 'tflite', temporary(), 0)
    const record = { id: 'own', arch: { space: 'file', file: path, sha256 } }
    const network = await openNetwork(record)
    expect(network.written).toBe(network.executed)
    expect(network.written.name).toBe('own')
    expect(network.weights).toBeInstanceOf(Function)
    const { parameters, macs } = networkCost(executed)
    expect(describeModel(network, 'tflite')).toEqual({ format: 'tflite', parameters, macs })
    const changed = { ...record, arch: { ...record.arch, sha256: '0' } }
    await expect(openNetwork(changed)).rejects.toMatchObject({ code: 'bad-arch' })
  })

  test.each([
    [{}],
    [{ file: 1 }],
    [{ file: 'no/such.tflite' }],
    [{ file: 'a.tflite', input_shape: 'all' }],
  ])('is refused without a readable file: %j', async (members) => {
    const record = { id: 'own', arch: { space: 'file', ...members } }
    await expect(openNetwork(record)).rejects.toMatchObject({ code: 'bad-arch' })
  })
})

test('a network of a search space has no weights of its own', async () => {
  const record = zooRecord('squeezenet1_1', { resolution: 64 })
  const network = await openNetwork(record)
  expect(network.weights).toBeUndefined()
  expect(network.written).toEqual(networkOf(record).written)
})
