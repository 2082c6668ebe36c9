import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { LetiError } from '@leti/records'
import { expect, test } from 'vitest'
import { Ending } from './ending.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('the results of calls that are done are not kept', async () => {
  const ending = new Ending()
  const results: WeakRef<object>[] = []
  for (let call = 0; call < 5; call++) {
    results.push(new WeakRef(await ending.before(() => Promise.resolve({ call }))))
  }
  // An object stays until the current task is done.
  await new Promise(setImmediate)
  collectGarbage()
  expect(results.filter((result) => result.deref())).toHaveLength(0)
})

test('the end fails the calls in progress and all later ones, with its first reason', async () => {
  const ending = new Ending()
  const call = ending.before(() => new Promise(() => undefined))
  ending.end(new LetiError('device-crashed', 'it died'))
  ending.end(new LetiError('device-lost', 'closed'))
  await expect(call).rejects.toThrow('it died')
  await expect(ending.before(() => Promise.resolve(1))).rejects.toThrow('it died')
})
