import { expect, test } from 'vitest'
import { runInSession, type CallSession } from './remote.js'

const PROTOCOL = { precision: 0.02, maxSeconds: 10, profile: false, requireFullDelegation: false }

test('each run is the first one, warm-up or a sample', async () => {
  const latencies: number[] = []
  const call: CallSession = (method, count) => {
    if (method === 'load') return Promise.resolve({ loadMs: 7 })
    if (method === 'lastOutput') return Promise.resolve([1])
    const made = Array.from({ length: Number(count) }, () => (latencies.length ? 100 : 500))
    latencies.push(...made)
    return Promise.resolve(made)
  }
  const run = await runInSession(call, 'model', PROTOCOL)
  const sampled = 'samplesMs' in run.latency ? run.latency.samplesMs.length : NaN
  expect(run).toMatchObject({ loadMs: 7, firstRunMs: 500 })
  expect(run.warmUpMs).toBe(100 * (latencies.length - 1 - sampled))
  expect(run.warmUpMs).toBeGreaterThan(0)
})
