import { readFile } from 'node:fs/promises'
import type { MeasuringDevice } from '@leti/devices'
import { operatorPair } from '@leti/spaces'
import { expect, test } from 'vitest'
import { testPair } from './test-pair.js'

/** What nodes of a graph model cost on the emulated device, in ms; others cost nothing. */
const COSTS: Readonly<Record<string, number>> = {
  _FusedConv2D: 0.3,
  Relu: 0.2,
  Sigmoid: 0.25,
  AddV2: 0.2,
  MaxPool: 0.01,
  Slice: 0.01,
}

/** A device that takes for each node of the model's file what `COSTS` says, and 5 ms for a call. */
function emulatedDevice(noise: () => number = () => 1): MeasuringDevice {
  return {
    async measure(model: Parameters<MeasuringDevice['measure']>[0]) {
      const text = await readFile(await model.file('tfjs'), 'utf8')
      const { modelTopology } = JSON.parse(text) as { modelTopology: { node: { op: string }[] } }
      const ms = modelTopology.node.reduce((sum, { op }) => sum + (COSTS[op] ?? 0), 5)
      return { measurement: { latency_ms: { min: ms * noise() } } }
    },
  } as unknown as MeasuringDevice
}

async function probe(pair: string, device = emulatedDevice()) {
  const [first, second] = pair.split('+')
  const found = operatorPair(first, second)
  if (!found) throw new Error(`${pair} is no pair`)
  return testPair(found, device, 0.5)
}

test('an activation that the converter fuses costs nothing more', async () => {
  const result = await probe('conv2d+relu')
  expect(result).toMatchObject({ first: 'conv2d', second: 'relu', fused: true })
  expect(result.first_ms).toBeCloseTo(0.3, 9)
  expect(result.second_ms).toBeCloseTo(0.2, 9)
  expect(result.both_ms).toBeCloseTo(0.3, 9)
})

test.each([
  ['conv2d+sigmoid', 0.55],
  ['conv2d+add', 0.5],
  ['add+relu', 0.4],
])('what stays two kernels costs both: %s', async (pair, ms) => {
  const result = await probe(pair)
  expect(result.both_ms).toBeCloseTo(ms, 9)
  expect(result.fused).toBe(false)
})

test.each([
  ['conv2d+relu', true],
  ['add+relu', false],
])(
  'the quickest run counts, where the device is disturbed for a while: %s',
  async (pair, fused) => {
    for (const [from, to] of [
      [0, 10],
      [9, 13],
      [17, 20],
    ]) {
      let run = 0
      const device = emulatedDevice(() => (++run > from && run <= to ? 3 : 1))
      expect(await probe(pair, device)).toMatchObject({ fused })
    }
  },
)

test('what one round alone says does not count', async () => {
  let run = 0
  // The deep network of both operators once seems to cost no more than that of the first.
  const device = emulatedDevice(() => (++run === 6 ? 0.6 : 1))
  const result = await probe('add+relu', device)
  expect(result).toMatchObject({ fused: null })
})

test('a second operator that takes no time tells nothing', async () => {
  expect(await probe('conv2d+tanh')).toMatchObject({ fused: null })
})
