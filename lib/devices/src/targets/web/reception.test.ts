import type { ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { DeviceGone } from '../../target.js'
import { Reception } from './reception.js'
import type { NextTurn } from './turns.js'

const never = new AbortController().signal
const receptions: Reception[] = []

afterEach(() => {
  for (const one of receptions) one.end(new DeviceGone('the test is over'), { why: 'done' })
})

function newReception(restarts?: boolean): Reception {
  const reception = new Reception({ measured: 0 }, restarts)
  receptions.push(reception)
  return reception
}

/** A page asks for its first turn; returns what it is answered, if it is. */
function ask(reception: Reception, page: string): NextTurn[] {
  const answers: NextTurn[] = []
  const response = {
    writeHead: () => response,
    end: (text: string) => answers.push(JSON.parse(text) as NextTurn),
  }
  reception.turn({ page, number: 0 }, response as unknown as ServerResponse)
  return answers
}

const pageOf = (reception: Reception) => reception.page(1, never, () => 'none came')

test('a person who stops the device ends the run on it', async () => {
  const reception = newReception()
  const answers = ask(reception, 'one')
  reception.stop()
  expect(answers).toMatchObject([{ over: { why: 'stopped', mayStart: false } }])
  reception.start()
  expect(ask(reception, 'two')).toMatchObject([{ over: { why: 'stopped' } }])
  await expect(pageOf(reception)).rejects.toThrow(DeviceGone)
})

test('where it may start again, it does so when the person says so, not when the page is loaded', async () => {
  const reception = newReception(true)
  const answers = ask(reception, 'one')
  const page = await pageOf(reception)
  reception.stop()
  await expect(page.call({ method: 'load', args: [] })).rejects.toThrow(DeviceGone)
  expect(answers).toMatchObject([{ over: { why: 'stopped', mayStart: true } }])
  expect(ask(reception, 'two')).toMatchObject([{ over: { why: 'stopped', mayStart: true } }])
  await expect(pageOf(reception)).rejects.toThrow(DeviceGone)

  reception.start()
  expect(ask(reception, 'three')).toEqual([])
  expect(await pageOf(reception)).toMatchObject({ name: 'three' })
})

test('a run that is over does not start again', () => {
  const reception = newReception(true)
  reception.end(new DeviceGone('the run is over'), { why: 'done' })
  reception.start()
  expect(ask(reception, 'one')).toMatchObject([{ over: { why: 'done' } }])
})
