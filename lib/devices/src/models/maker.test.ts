import type { LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import type { Worker } from '../processes/worker.js'
import { ModelMaker } from './maker.js'

const NEVER = new AbortController().signal

/** Like the real one, it mixes up the answers to two calls at once. */
function startSynthetic(): Worker {
  let calls = 0
  return {
    call: async (_method, record) => {
      if (calls++ > 0) throw new Error('it was busy')
      await Promise.resolve()
      calls--
      const { id } = record as LetiRecord
      if (id === 'wrong') throw new Error('a wrong one')
      return { path: id }
    },
    isAlive: true,
    end: () => Promise.resolve(),
  }
}

test('models that are asked for at once are made one after the other', async () => {
  const maker = new ModelMaker(startSynthetic)
  const made = ['a', 'wrong', 'b'].map((id) => maker.write({ id }, 'tfjs', 'folder', NEVER))
  const [first, failed, last] = await Promise.allSettled(made)
  expect(first).toMatchObject({ value: { path: 'a' } })
  expect(failed).toMatchObject({ reason: new Error('a wrong one') })
  expect(last).toMatchObject({ value: { path: 'b' } })
})

test('a model that nobody waits for any more is not begun', async () => {
  const maker = new ModelMaker(startSynthetic)
  const stop = new AbortController()
  const first = maker.write({ id: 'a' }, 'tfjs', 'folder', NEVER)
  const second = maker.write({ id: 'b' }, 'tfjs', 'folder', stop.signal)
  stop.abort(new Error('too late'))
  await expect(second).rejects.toThrow('too late')
  expect(await first).toEqual({ path: 'a' })
})
