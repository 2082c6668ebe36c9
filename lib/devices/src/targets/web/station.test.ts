import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { Station } from './station.js'
import type { WebDevice } from './settings.js'

let station: Station | undefined
afterEach(() => station?.end())

/** Starts a station, and returns the link that it prints and all that it prints. */
async function start(settings: WebDevice['settings']) {
  let said = ''
  const device = { name: 'phone', target: 'web', runtime: 'tfjs', backend: 'wasm', settings }
  station = await Station.start(device, {
    progress: { measured: 0 },
    say: (text) => (said += `${text}\n`),
  })
  const [, link = ''] = /open (https:\S+)/.exec(said) ?? []
  return { said, url: new URL(link) }
}

async function reaches(host: string, port: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => resolve(socket.destroy()))
    socket.on('error', reject)
  })
}

const outward = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address

test('listens on the loopback interface unless told otherwise', async () => {
  const { said, url } = await start({})
  expect(url.hostname).toBe('127.0.0.1')
  expect(said).toContain('--listen ADDRESS lets others in')
  await reaches('127.0.0.1', url.port)
  for (const host of ['127.0.0.2', ...(outward ? [outward] : [])]) {
    await expect(reaches(host, url.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
})

test.skipIf(!outward)('listens on the address that it is told, and no other', async () => {
  const { said, url } = await start({ listen: outward })
  expect(url.hostname).toBe(outward)
  expect(said).not.toContain('--listen')
  await reaches(String(outward), url.port)
  await expect(reaches('127.0.0.1', url.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('an address that is not of this computer', async () => {
  // TEST-NET-1 of RFC 5737.
  const refused = {
    code: 'usage',
    message: expect.stringMatching(/^cannot listen on 192/) as string,
  }
  await expect(start({ listen: '192.0.2.1' })).rejects.toMatchObject(refused)
})

test('prints the link as a QR code, the code and what the browser will warn of', async () => {
  const { said } = await start({})
  expect(said).toMatch(/type this code there: \d{6}$/m)
  expect(said).toMatch(/SHA-256 (?:[\dA-F]{2}:){31}[\dA-F]{2}\)/)
  // A square of modules, two in each character; the border is light.
  const rows = said.split('\n').filter((line) => /^[█▀▄ ]+$/.test(line))
  expect(rows.length).toBe(Math.ceil(rows[0].length / 2))
  expect(rows[0]).toMatch(/^█+$/)
})

test('waits for a browser as long as "wait" says', async () => {
  await start({ wait: 1 })
  const never = new AbortController().signal
  const gone = { code: 'device-lost', message: 'no browser was paired in 1 s ("wait")' }
  await expect((station as Station).page(never)).rejects.toMatchObject(gone)
})
