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

test('a delegate that the build lacks is refused', () => {
  expect(() => checkSupport(runner(['use_nnapi']), 'nnapi', 1)).not.toThrow()
  expect(() => checkSupport(runner([]), 'cpu', 1)).not.toThrow()
  expect(() => checkSupport(runner(['use_gpu']), 'nnapi', 1)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringMatching(/this benchmark_model .* has no nnapi/) as string,
    }),
  )
})

test('threads that the build does not know are refused', () => {
  expect(() => checkSupport(runner(['num_threads']), 'cpu', 4)).not.toThrow()
  expect(() => checkSupport(runner([]), 'cpu', 4)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining('no number of threads') as string,
    }),
  )
})

test('a profile that it does not give is refused', () => {
  expect(() => checkProfile(runner(['enable_op_profiling']))).not.toThrow()
  expect(() => checkProfile(runner(['use_profiler'], 'app'))).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: expect.stringContaining(
        'the benchmark app (interpreter) gives no profile',
      ) as string,
    }),
  )
})
