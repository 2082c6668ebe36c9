// A phone-sized Chromium opens the link that device-run prints, over HTTPS, and becomes the device. Strangers are
// plain requests.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findExecutable } from '../lib/devices/src/targets/chromium/executable.js'
import { records, shell, SMALL, startDeviceRun } from './run.js'

const NETWORKS = 20
const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const QUICK = { interval: 50, timeout: 100_000 }
/** Longest wait for the browser: other tests may keep the computer busy. */
const BROWSER_MS = 100_000

const folder = mkdtempSync(join(tmpdir(), 'leti-web-'))
const cells = join(folder, 'cells.ndjson')
let browser: Browser

beforeAll(async () => {
  const { stdout } = await shell(`nb101-sample -n ${NETWORKS} --seed 4 ${SMALL}`)
  writeFileSync(cells, stdout)
  const device = { name: '', target: 'chromium', runtime: 'tfjs', backend: 'wasm', settings: {} }
  const executablePath = await findExecutable(device)
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = ['--ignore-certificate-errors', ...sandbox]
  browser = await puppeteer.launch({ executablePath, args, defaultViewport: PHONE })
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts device-run for a web device. */
function startWebDevice() {
  // A fast computer runs these cells in a few steps of the browser's clock.
  const loosely = ['--precision', '0.5', '--max-seconds', '0.05']
  const run = startDeviceRun(['-d', 'web', '--no-lock', '--quiet', ...loosely, cells])
  /** What it has printed for people. */
  const said = (pattern: string | RegExp) => expect.poll(run.errors, QUICK).toMatch(pattern)
  /** The link and the code that it prints, for the first browser or after too many wrong codes. */
  const invitation = async (nth = 0) => {
    const printed = () => [...run.errors().matchAll(/open (https:\S+) .* (\d{6})$/gm)]
    await expect.poll(() => printed().length, QUICK).toBeGreaterThan(nth)
    const [, link, code] = printed()[nth]
    return { link, code }
  }
  return { ...run, said, invitation, written: () => records(run.output()).length }
}

async function newPage(): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(BROWSER_MS)
  return page
}

/** Opens the link in a new tab, and types the code. */
async function joinWith({ link, code }: { link: string; code: string }) {
  const page = await newPage()
  await page.goto(link)
  await page.locator('#code').fill(code)
  await page.locator('#form button').click()
  return page
}

/** What a stranger's request gets. */
async function ask(url: string, headers: OutgoingHttpHeaders = {}, body?: string) {
  const method = body === undefined ? 'GET' : 'POST'
  const asked = request(url, { method, headers, rejectUnauthorized: false, agent: false })
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

test('a browser that is paired measures, is closed in the midst, comes back, and finishes', async () => {
  const run = startWebDevice()
  const invitation = await run.invitation()
  const page = await joinWith(invitation)
  await expect.poll(run.written, QUICK).toBeGreaterThan(4)
  await page.close()
  await run.said('web: waits up to 600 s for its browser')
  const again = await newPage()
  await again.goto(invitation.link)
  const [code] = await Promise.all([run.ended, again.waitForSelector('#over:not([hidden])')])
  expect(await again.$eval('#end', (end) => end.textContent)).toMatch('The run has ended')
  await again.close()

  expect(code).toBe(0)
  const measured = records(run.output())
  expect(new Set(measured.map(({ id }) => id)).size).toBe(NETWORKS)
  expect(measured).toHaveLength(NETWORKS)
  const agent = await browser.userAgent()
  for (const { measurement } of measured) {
    expect(measurement).toMatchObject({ device: 'web', target: 'web', verified: true })
    expect(measurement?.environment).toMatchObject({ browser: agent, cross_origin_isolated: true })
  }
}, 300_000)

test('the person who holds the browser sees how far it is, and stops it: nothing measured is lost', async () => {
  const run = startWebDevice()
  const page = await joinWith(await run.invitation())
  await page.waitForFunction(() => {
    return /^[2-9] of 20 networks/.test(document.querySelector('#count')?.textContent ?? '')
  })
  expect(await page.$eval('#left', (left) => left.textContent)).toMatch(/^About \d+ (s|min) left/)
  const overflows = () => document.documentElement.scrollWidth > window.innerWidth
  expect(await page.evaluate(overflows)).toBe(false)
  await page.locator('#stop').click()
  await page.locator('#stop').click()
  expect(await run.ended).toBe(1)
  await run.said('web: the person who holds the browser stopped it; it measures no more here')
  expect(run.written()).toBeGreaterThan(0)
  expect(run.written()).toBeLessThan(NETWORKS)
  expect(records(run.output()).filter(({ error }) => error)).toEqual([])
  await page.close()
})

test('whoever is not paired gets nothing', async () => {
  const run = startWebDevice()
  const first = await run.invitation()
  const { origin, host } = new URL(first.link)
  const nothing = { status: 404, body: expect.stringContaining('Nothing is here') as string }
  const post = (link: string, path: string, body: object, headers = {}) =>
    ask(link + path, { origin, ...headers }, JSON.stringify(body))
  const turn = { page: 'stranger', number: 0 }

  // Without the token; by another name of this computer; from another page.
  for (const path of ['/', '/device.html', `/${'x'.repeat(22)}/`]) {
    expect(await ask(origin + path)).toMatchObject(nothing)
  }
  expect(await ask(first.link, { host: `evil.example:${host.split(':')[1]}` })).toMatchObject(
    nothing,
  )
  const right = { code: first.code }
  for (const other of ['https://evil.example', 'null', `http://${host}`]) {
    expect(await post(first.link, 'pair', right, { origin: other })).toMatchObject(nothing)
  }
  expect(await ask(`${first.link}pair`, {}, JSON.stringify(right))).toMatchObject(nothing)
  // With the token, but without the code.
  expect(await post(first.link, 'turn', turn)).toMatchObject(nothing)
  expect(await post(first.link, 'stop', turn)).toMatchObject(nothing)
  const wrong = { code: first.code === '000000' ? '000001' : '000000' }
  expect(await post(first.link, 'pair', wrong)).toMatchObject({ status: 403 })
  expect(await post(first.link, 'pair', wrong)).toMatchObject({ status: 403 })
  expect(await post(first.link, 'pair', wrong)).toMatchObject(nothing)
  // The third wrong code voids the link, also for the right code.
  expect(await post(first.link, 'pair', right)).toMatchObject(nothing)
  expect(await ask(first.link)).toMatchObject(nothing)

  const second = await run.invitation(1)
  const page = await ask(second.link)
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Pair this') as string })
  expect(Object.keys(page.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  const paired = await post(second.link, 'pair', { code: second.code })
  expect(paired.status).toBe(204)
  const cookie = String(paired.headers['set-cookie']).split(';')[0]

  // The link was used: it gives nothing to another browser, also with the right code.
  expect(await ask(second.link)).toMatchObject(nothing)
  expect(await post(second.link, 'pair', { code: second.code })).toMatchObject(nothing)
  expect(await post(second.link, 'turn', turn, { cookie: `${cookie}x` })).toMatchObject(nothing)
  // The browser that was paired, from another page.
  const stolen = { cookie, origin: 'https://evil.example' }
  expect(await post(second.link, 'turn', turn, stolen)).toMatchObject(nothing)
  // The browser itself gets the first call, and may end the run.
  const got = await post(second.link, 'turn', { page: 'mine', number: 0 }, { cookie })
  expect(JSON.parse(got.body)).toMatchObject({ call: { number: 1, method: 'start' } })
  await post(second.link, 'stop', { page: 'mine', number: 1 }, { cookie })
  expect(await run.ended).toBe(2)
  await run.said('web: the person who holds the browser stopped it')
  expect(run.output()).toBe('')
})
