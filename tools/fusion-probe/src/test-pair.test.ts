import { readFile } from 'node:fs/promises'
import type { MeasuringDevice } from '@leti/devices'
import { operatorPairs } from '@leti/spaces'
import { expect, test } from 'vitest'
import { Depths } from './depths.js'
import { testPair } from './test-pair.js'

/** What nodes of a graph model cost on the emulated device, in ms; others cost nothing. */
const COSTS: Readonly<Record<string, number>> = {
  _FusedConv2D: 0.3,
  Relu: 0.2,
  Sigmoid: 0.25,
  AddV2: 0.2,
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

function pairOf(first: string, second: string) {
  const found = operatorPairs().find((pair) => pair.first === first && pair.second === second)
  if (!found) throw new Error(`the zoo has no ${first}+${second}`)
  return found
}

const ALPHA = 0.5

test('an activation that the converter fuses costs nothing more', async () => {
  const result = await testPair(pairOf('conv2d', 'relu'), new Depths(emulatedDevice()), ALPHA)
  expect(result).toMatchObject({ first: 'conv2d', second: 'relu', fused: true })
  expect(result.first_ms).toBeCloseTo(0.3, 9)
  expect(result.second_ms).toBeCloseTo(0.2, 9)
  expect(result.both_ms).toBeCloseTo(0.3, 9)
})

test.each([
  ['conv2d', 'sigmoid', 0.55],
  ['conv2d', 'add', 0.5],
  ['add', 'relu', 0.4],
])('what stays two kernels costs both: %s, %s', async (first, second, ms) => {
  const result = await testPair(pairOf(first, second), new Depths(emulatedDevice()), ALPHA)
  expect(result.both_ms).toBeCloseTo(ms, 9)
  expect(result.fused).toBe(false)
})

test('the quickest run counts, where the device is disturbed now and then', async () => {
  let run = 0
  // Every network is measured twice, with seven others between: one of the two is undisturbed.
  const device = emulatedDevice(() => (run++ < 8 ? 1 : 3))
  expect(await testPair(pairOf('conv2d', 'relu'), new Depths(device), ALPHA)).toMatchObject({
    fused: true,
  })
})

test('times that contradict each other tell nothing', async () => {
  let run = 0
  // The two networks of both operators, the last of each round, are read as quick as each other.
  const device = emulatedDevice(() => (run++ % 8 === 7 ? 0.3 : 1))
  await expect(testPair(pairOf('conv2d', 'relu'), new Depths(device), ALPHA)).rejects.toThrow(
    'too noisy',
  )
})
