import { expect, test } from 'vitest'
import { checkProfile, checkSupport, type Runner } from './runner.js'

function runner(flags: string[], name: Runner['name'] = 'binary'): Runner {
  return {
    name,
    tool: { generation: 'interpreter', flags: new Set(flags) },
    invoke: () => Promise.reject(new Error('not run')),
    close: () => Promise.resolve(),
  }
}

test('refuses a delegate that the build lacks', () => {
  expect(() => checkSupport(runner(['use_nnapi']), 'nnapi', 1)).not.toThrow()
  expect(() => checkSupport(runner([]), 'cpu', 1)).not.toThrow()
  expect(() => checkSupport(runner(['use_gpu']), 'nnapi', 1)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringMatching(/this benchmark_model .* does not support nnapi/) as string,
    }),
  )
})

test('refuses threads if the build has no flag for them', () => {
  expect(() => checkSupport(runner(['num_threads']), 'cpu', 4)).not.toThrow()
  expect(() => checkSupport(runner([]), 'cpu', 4)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining('no flag for the number of threads') as string,
    }),
  )
})

test('refuses to profile if the build cannot', () => {
  expect(() => checkProfile(runner(['enable_op_profiling']))).not.toThrow()
  expect(() => checkProfile(runner(['use_profiler'], 'app'))).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: expect.stringContaining(
        'the benchmark app (interpreter) cannot time operators',
      ) as string,
    }),
  )
})
