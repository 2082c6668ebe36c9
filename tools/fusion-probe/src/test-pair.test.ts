import { readFile } from 'node:fs/promises'
import type { MeasuringDevice } from '@leti/devices'
import { operatorPair } from '@leti/spaces'
import { expect, test } from 'vitest'
import { testPair } from './test-pair.js'

/** Time of each type of node on the emulated device, in ms; other types take none. */
const COSTS: Readonly<Record<string, number>> = {
  _FusedConv2D: 0.3,
  Relu: 0.2,
  Sigmoid: 0.25,
  AddV2: 0.2,
  MaxPool: 0.01,
  Slice: 0.01,
}

/** A device that takes the time in `COSTS` for each node of a model file, and 5 ms for each call. */
function emulatedDevice(noise: () => number = () => 1): MeasuringDevice {
  return {
    async measure(model: Parameters<MeasuringDevice['measure']>[0]) {
      const text = await readFile(await model.file('tfjs', new AbortController().signal), 'utf8')
      const { modelTopology } = JSON.parse(text) as { modelTopology: { node: { op: string }[] } }
      const ms = modelTopology.node.reduce((sum, { op }) => sum + (COSTS[op] ?? 0), 5)
      return { measurement: { latency_ms: { min: ms * noise() } } }
    },
  } as unknown as MeasuringDevice
}

async function probe(pair: string, device = emulatedDevice()) {
  const [first, second] = pair.split('+')
  const found = operatorPair(first, second)
  if (!found) throw new Error(`unknown pair ${pair}`)
  return testPair(found, device, 0.5)
}

test('an activation that the converter fuses takes no additional time', async () => {
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
])('two kernels that are not fused take the time of both: %s', async (pair, ms) => {
  const result = await probe(pair)
  expect(result.both_ms).toBeCloseTo(ms, 9)
  expect(result.fused).toBe(false)
})

test.each([
  ['conv2d+relu', true],
  ['add+relu', false],
])('the fastest run counts if the device is disturbed for a while: %s', async (pair, fused) => {
  for (const [from, to] of [
    [0, 10],
    [9, 13],
    [17, 20],
  ]) {
    let run = 0
    const device = emulatedDevice(() => (++run > from && run <= to ? 3 : 1))
    expect(await probe(pair, device)).toMatchObject({ fused })
  }
})

test('a single round does not decide', async () => {
  let run = 0
  // In one round, the deep network of both operators seems to be as fast as that of the first.
  const device = emulatedDevice(() => (++run === 6 ? 0.6 : 1))
  const result = await probe('add+relu', device)
  expect(result).toMatchObject({ fused: null })
})

test('a second operator that takes no time leaves the pair undecided', async () => {
  expect(await probe('conv2d+tanh')).toMatchObject({ fused: null })
})
