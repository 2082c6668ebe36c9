import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startWorker, type Worker } from './worker.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A worker with calls that answer, fail, hang and fill the memory. */
const PROGRAM = `
const held = []
const methods = {
  output: (size) => ({ numbers: new Array(size).fill(0.5) }),
  fail: () => { throw new Error('no such model') },
  hang: () => { for (;;) {} },
  grow: () => { for (;;) held.push(Buffer.alloc(2 ** 24, 1)) },
  die: () => process.exit(3),
}
process.on('message', ({ method, args }) => {
  try {
    process.send({ result: methods[method](...args) })
  } catch (error) {
    process.send({ error: error.message })
  }
})
process.on('disconnect', () => process.exit())
`
const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const program = join(folder, 'worker.cjs')
writeFileSync(program, PROGRAM)

let worker: Worker
function start(memoryLimit?: number): Worker {
  return (worker = startWorker(program, {
    name: 'the worker',
    ...(memoryLimit && { memoryLimit }),
  }))
}

afterEach(() => worker.end())
afterAll(() => rmSync(folder, { recursive: true }))

test('large answers are not kept', async () => {
  const { call } = start()
  const answers: WeakRef<object>[] = []
  for (let record = 0; record < 50; record++) {
    answers.push(new WeakRef((await call('output', 100_000)) as object))
  }
  // A few of the last answers may stay for a while.
  await call('output', 1)
  await new Promise(setImmediate)
  collectGarbage()
  expect(answers.filter((answer) => answer.deref()).length).toBeLessThan(10)
})

test('a call that fails leaves the worker usable', async () => {
  const { call } = start()
  await expect(call('fail')).rejects.toThrow('no such model')
  expect(await call('output', 1)).toEqual({ numbers: [0.5] })
})

test('the death of the worker fails the call, with its exit code', async () => {
  await expect(start().call('die')).rejects.toMatchObject({
    code: 'device-crashed',
    message: 'the worker died (exit code 3)',
  })
  expect(worker.isAlive).toBe(false)
})

test('a worker that is deaf ends', async () => {
  const hanging = start().call('hang')
  await Promise.all([worker.end(), expect(hanging).rejects.toThrow('the device was closed')])
})

test('a worker that takes too much memory is ended, and the error names the limit', async () => {
  await expect(start(2 ** 28).call('grow')).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringMatching(
      /^the worker took [\d.]+ GiB of memory; the limit is 0\.25 GiB$/,
    ) as string,
  })
})
