import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost, NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { readModel, writeModel, type Weights } from '../../index.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const WINDOW = { size: [3, 3], strides: [2, 2], padding: 'same' } as const
const GROUPS = 3
const FILTERS = 6
const CHANNELS = 12
const IMAGE = [8, 7, CHANNELS]

test('a grouped convolution equals one convolution per group of channels', async () => {
  const grouped = new NetworkBuilder()
  const conv = { type: 'conv2d', filters: FILTERS, window: WINDOW, bias: true } as const
  const image = grouped.add('image', { type: 'input', shape: IMAGE })
  const whole = grouped.build('whole', grouped.add('conv', { ...conv, groups: GROUPS }, image))

  const parts = new NetworkBuilder()
  const input = parts.add('image', { type: 'input', shape: IMAGE })
  const width = CHANNELS / GROUPS
  const outputs = Array.from({ length: GROUPS }, (_, group) => {
    const range = { begin: [0, 0, group * width], size: [8, 7, width] }
    const slice = parts.add(`slice${group}`, { type: 'slice', ...range }, input)
    return parts.add(`conv${group}`, { ...conv, filters: FILTERS / GROUPS }, slice)
  })
  const apart = parts.build('apart', parts.add('concat', { type: 'concat' }, ...outputs))

  const filter = feed(0, 9 * width * FILTERS)
  const bias = feed(1, FILTERS)
  const each = FILTERS / GROUPS
  /** Filters are the last axis, in the order of the groups. */
  const weightsOfGroup: Weights = (name, role) => {
    const first = Number(name.slice('conv'.length)) * each
    return (role === 'bias' ? bias : filter).filter(
      (_, index) => index % FILTERS >= first && index % FILTERS < first + each,
    )
  }
  const written = await writeModel(whole, 'tflite', folder, (_, role) =>
    role === 'bias' ? bias : filter,
  )
  const expected = await writeModel(apart, 'tflite', folder, weightsOfGroup)
  const [one, other] = await Promise.all(
    [written, expected].map(async ({ path }) => runInLiteRt(readFileSync(path), feed)),
  )
  expectAlike(one.values, other.values, 1e-5)
  const { network } = await readModel(written.path)
  expect(network.nodes).toEqual(whole.nodes)
  expect(networkCost(network).macs).toBe(networkCost(apart).macs)
})
