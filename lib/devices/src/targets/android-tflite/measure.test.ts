import { expect, test } from 'vitest'
import { measureModel } from './measure.js'
import type { Runner } from './runner.js'

const FLAGS = ['graph', 'warmup_runs', 'num_runs', 'min_secs', 'max_secs']

/** A synthetic tool. Each invocation takes a second and reports slower runs than the one before. */
function slowing(invocations: string[]): Runner {
  return {
    name: 'binary',
    tool: { generation: 'interpreter', flags: new Set(FLAGS) },
    invoke: (flags) => {
      invocations.push(flags.join(' '))
      const us = [100_000, 125_000, 200_000, 250_000, 500_000][invocations.length - 1]
      return Promise.resolve(
        `Initialized session in 1ms.\ncount=${1_000_000 / us} curr=${us}(all same)\n` +
          `Inference timings in us: Init: 1000, Inference (avg): ${us}\n`,
      )
    },
    close: () => Promise.resolve(),
  }
}

test('does not start an invocation in the last second', async () => {
  const invocations: string[] = []
  const setting = { runner: slowing(invocations), backend: 'cpu', threads: 1, graph: '/d/m' }
  const amount = { precision: 0.001, profile: false, requireFullDelegation: false }
  const { latency } = await measureModel(setting, { ...amount, maxSeconds: 3.5 })
  const [, ...samples] = invocations
  expect(samples.map((flags) => /--max_secs=(\S+)/.exec(flags)?.[1])).toEqual(['3.5', '2.5', '1.5'])
  expect(latency).toMatchObject({ statistics: { median: 200 } })
})
