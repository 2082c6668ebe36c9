import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { bodyOf, Door } from './door.js'
import { Pairing } from './pairing.js'

const HOST = '192.168.1.20:8443'
const ORIGIN = `https://${HOST}`

/** A request, and whether it is admitted; before or after the pairing. */
function admission(isPaired: boolean, method: string, headers: Record<string, string>) {
  const pairing = new Pairing()
  const door = new Door(['192.168.1.20', 'localhost'], 8443, '__Host-leti', pairing)
  const secret = isPaired ? pairing.pair(pairing.code) : undefined
  const cookie = headers.cookie?.replace('SECRET', String(secret))
  const url = `/${pairing.token}/turn?x=/../`
  const all = { host: HOST, ...headers, ...(cookie && { cookie }) }
  return door.admit({ method, url, headers: all } as unknown as IncomingMessage)
}

const COOKIE = 'other=1; __Host-leti=SECRET'

test.each([
  [false, 'GET', {}],
  [false, 'POST', { origin: ORIGIN }],
  [true, 'GET', { cookie: COOKIE }],
  [true, 'POST', { cookie: COOKIE, origin: ORIGIN }],
  [true, 'POST', { cookie: COOKIE, origin: 'https://localhost:8443', host: 'localhost:8443' }],
])('admits, paired: %s, %s %j', (isPaired, method, headers) => {
  expect(admission(isPaired, method, headers)).toEqual({ path: 'turn', isPaired })
})

describe.each([false, true])('refuses, paired: %s', (isPaired) => {
  const cookie = COOKIE
  test.each([
    ['another name of this computer', 'GET', { cookie, host: 'evil.example:8443' }],
    ['another port', 'GET', { cookie, host: '192.168.1.20' }],
    ['no name', 'GET', { cookie, host: '' }],
    ['another origin', 'POST', { cookie, origin: 'https://evil.example' }],
    ['another origin that reads', 'GET', { cookie, origin: 'https://192.168.1.20:9999' }],
    ['the origin of a file or a frame without one', 'POST', { cookie, origin: 'null' }],
    ['plain HTTP', 'POST', { cookie, origin: `http://${HOST}` }],
    ['no origin', 'POST', { cookie }],
    ['another method', 'PUT', { cookie, origin: ORIGIN }],
    ['a question before the real request', 'OPTIONS', { cookie, origin: ORIGIN }],
  ])('%s', (_what, method, headers) => {
    expect(admission(isPaired, method, headers)).toBeUndefined()
  })
})

test.each(['', '__Host-leti=', '__Host-leti=x', 'x__Host-leti=SECRET', '__Host-leti=SECRETx'])(
  'refuses a browser that was not paired: cookie "%s"',
  (cookie) => {
    expect(admission(true, 'GET', { cookie })).toBeUndefined()
  },
)

test('a body that is too long is not read', async () => {
  const request = (text: string) => Readable.from([Buffer.from(text)])
  const stranger = { path: 'pair', isPaired: false }
  expect(await bodyOf(request('{"code":"1"}'), stranger)).toEqual({ code: '1' })
  expect(await bodyOf(request('{'), stranger)).toBeUndefined()
  const long = JSON.stringify('x'.repeat(1024))
  expect(await bodyOf(request(long), stranger)).toBeUndefined()
  expect(await bodyOf(request(long), { ...stranger, isPaired: true })).toHaveLength(1024)
  let chunks = 0
  async function* endless() {
    for (;;) yield await Promise.resolve(Buffer.alloc(2 ** 20, ++chunks))
  }
  const endlessly = Readable.from(endless())
  expect(await bodyOf(endlessly, { ...stranger, isPaired: true })).toBeUndefined()
  expect(chunks).toBeLessThan(100)
})
