import { expect, test } from 'vitest'
import { Plausibility, type Work } from './plausibility.js'

/** 100 MMACs and 1 MB of weights in 10 ms: 10 MMACs per ms. */
const YARDSTICK = { macs: 1e8, weightBytes: 1e6 }

function plausibility(yardstickMs?: number) {
  const asked: Work[] = []
  const judge = new Plausibility((work, add) => {
    asked.push(work)
    if (yardstickMs !== undefined) add(YARDSTICK, yardstickMs)
    return Promise.resolve()
  })
  const check = (work: Work, latencyMs: number) => judge.check(work, latencyMs)
  return { asked, check }
}

const usual = { macs: 5e7, weightBytes: 1e5 }

test('refuses a runtime that times the enqueue, also of the first network', async () => {
  const { check } = plausibility(10)
  await expect(check({ macs: 1.7e8, weightBytes: 1e6 }, 0.274)).rejects.toMatchObject({
    code: 'implausible',
    message: expect.stringMatching(/^0\.274 ms would be 62 times more MACs per second/) as string,
  })
  await check({ macs: 1.7e8, weightBytes: 1e6 }, 17)
})

test('refuses fewer bytes than the weights', async () => {
  const { check } = plausibility(10)
  await expect(check({ macs: 1e7, weightBytes: 5e7 }, 20)).rejects.toThrow('bytes of weights')
})

test('a network that is denser than all before is measured against the yardsticks, then sets the mark', async () => {
  const { asked, check } = plausibility(10)
  await check(usual, 50)
  await check(usual, 6)
  expect(asked).toHaveLength(1)
  // 1.15 times the yardstick, then 1.15 times this network: each within the margin of what was done before.
  await check({ ...usual, macs: 1.15e8 }, 10)
  await check({ ...usual, macs: 1.3e8 }, 10)
  expect(asked).toHaveLength(1)
  await expect(check({ ...usual, macs: 1.7e8 }, 10)).rejects.toMatchObject({ code: 'implausible' })
  // What was refused is no mark.
  await expect(check({ ...usual, macs: 1.7e8 }, 10)).rejects.toMatchObject({ code: 'implausible' })
})

test('tiny networks are not judged, nor any if the yardsticks cannot be measured', async () => {
  const tiny = plausibility(10)
  await tiny.check({ macs: 9e6, weightBytes: 1e6 }, 0.01)
  expect(tiny.asked).toEqual([])
  const none = plausibility()
  await none.check(usual, 1e-3)
  await none.check(usual, 1e-3)
})
