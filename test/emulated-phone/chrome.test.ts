/** Tests the emulated phone's Chrome: a real Chromium that behaves like Chrome on Android. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import puppeteer from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { pluggedIn } from './plugged-in.fixture.js'

const plugged = pluggedIn()
const { adb, shell } = plugged
const START = 'am start -n com.android.chrome/com.google.android.apps.chrome.Main -d about:blank'
const PAGE = '<title>served</title><script>run = () => [1.5, 2.5, 3.5]</script>'
let http: Server
let endpoint: string
let page: string

interface Tab {
  readonly id: string
  readonly url: string
  readonly webSocketDebuggerUrl: string
}

beforeAll(async () => {
  http = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(PAGE)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const onPhone = (await adb('reverse', 'tcp:0', `tcp:${port}`)).stdout.trim()
  page = `http://127.0.0.1:${onPhone}/`
  const onHost = (await adb('forward', 'tcp:0', 'localabstract:chrome_devtools_remote')).stdout
  endpoint = `http://127.0.0.1:${onHost.trim()}`
})

afterAll(() => {
  http.close()
  http.closeAllConnections()
})

async function tabs(): Promise<Tab[]> {
  return (await (await fetch(`${endpoint}/json/list`)).json()) as Tab[]
}

async function openTab(url: string): Promise<Tab> {
  return (await (await fetch(`${endpoint}/json/new?${url}`, { method: 'PUT' })).json()) as Tab
}

/** adb accepts the connection and closes it; Node's fetch sometimes waits forever nevertheless. */
async function expectRefused(): Promise<void> {
  const signal = AbortSignal.timeout(1000)
  await expect(fetch(`${endpoint}/json/version`, { signal })).rejects.toThrow()
}

/** Evaluates in a page through its WebSocket. */
async function evaluate(tab: Tab, ...expressions: string[]): Promise<unknown[]> {
  const socket = new WebSocket(tab.webSocketDebuggerUrl)
  await new Promise((resolve) => socket.once('open', resolve))
  const values: unknown[] = []
  for (const [id, expression] of expressions.entries()) {
    const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve))
    const params = { expression, returnByValue: true, awaitPromise: true }
    socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
    const { result } = JSON.parse((await answered).toString()) as {
      result: { result: { value: unknown } }
    }
    values.push(result.result.value)
  }
  socket.terminate()
  return values
}

test('refuses connections until Chrome is started', async () => {
  await expectRefused()
  expect((await shell(START)).stdout).toBe(
    'Starting: Intent { dat=about:blank cmp=com.android.chrome/com.google.android.apps.chrome.Main }\n',
  )
  expect((await shell('cat /proc/net/unix')).stdout).toContain(' @chrome_devtools_remote\n')
  const version = (await (await fetch(`${endpoint}/json/version`)).json()) as object
  expect(version).toMatchObject({
    'Android-Package': 'com.android.chrome',
    webSocketDebuggerUrl: `${endpoint.replace('http', 'ws')}/devtools/browser`,
  })
})

test('opens a tab only with PUT; the tab loads the page through adb reverse', async () => {
  expect((await fetch(`${endpoint}/json/new?${page}`)).status).toBe(405)
  const tab = await openTab(page)
  const read = async () => (await evaluate(tab, 'document.title'))[0]
  await expect.poll(read).toBe('served')
  const both = (await tabs()).filter(({ url }) => url === page)
  expect(both.map(({ id }) => /^\d+$/.test(id))).toEqual([true, false])
  await fetch(`${endpoint}/json/close/${tab.id}`)
  await expect.poll(async () => (await tabs()).some(({ url }) => url === page)).toBe(false)
})

test('a page without adb reverse does not load', async () => {
  const { port } = http.address() as AddressInfo
  const tab = await openTab(`http://127.0.0.1:${port}/`)
  const read = async () => (await evaluate(tab, 'document.title + location.href'))[0]
  await expect.poll(read).toContain('chrome-error://')
  await fetch(`${endpoint}/json/close/${tab.id}`)
})

test('puppeteer connects, but its newPage() and pages() hang', async () => {
  const browser = await puppeteer.connect({ browserURL: endpoint, defaultViewport: null })
  expect(await browser.version()).toMatch(/^(?:Headless)?Chrom/)
  const hangs = (promise: Promise<unknown>) =>
    Promise.race([
      promise.then(
        () => 'answered',
        () => 'failed',
      ),
      new Promise((resolve) => setTimeout(() => resolve('hangs'), 1500)),
    ])
  expect(await Promise.all([hangs(browser.newPage()), hangs(browser.pages())])).toEqual([
    'hangs',
    'hangs',
  ])
  await browser.disconnect()
})

test('fault: wrong numbers from the second run on', async () => {
  plugged.phone.set({ wrongNumbers: true })
  const tab = await openTab(page)
  await expect.poll(async () => (await evaluate(tab, 'typeof run'))[0]).toBe('function')
  const [first, second] = await evaluate(tab, 'run()', 'run()')
  expect(first).toEqual([1.5, 2.5, 3.5])
  expect(second).not.toEqual(first)
  plugged.phone.behave()
  await fetch(`${endpoint}/json/close/${tab.id}`)
})

test('fault: Chrome is killed during a run', async () => {
  const tab = await openTab(page)
  plugged.phone.set({ killChromeAtCall: 2 })
  const socket = new WebSocket(tab.webSocketDebuggerUrl)
  await new Promise((resolve) => socket.once('open', resolve))
  const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')))
  for (const id of [1, 2]) {
    const params = { expression: 'new Promise(() => {})', awaitPromise: true }
    socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
  }
  expect(await closed).toBe('closed')
  await expectRefused()
  await shell(START)
  expect((await fetch(`${endpoint}/json/version`)).status).toBe(200)
})

test('fault: one call gets no answer, later ones do', async () => {
  const tab = await openTab(page)
  plugged.phone.set({ hangChromeAtCall: 2 })
  const socket = new WebSocket(tab.webSocketDebuggerUrl)
  await new Promise((resolve) => socket.once('open', resolve))
  const answered: number[] = []
  socket.on('message', (data: Buffer) => {
    answered.push((JSON.parse(data.toString()) as { id: number }).id)
  })
  for (const id of [1, 2, 3]) {
    socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression: '1' } }))
  }
  await expect.poll(() => answered).toEqual([1, 3])
  socket.terminate()
  await fetch(`${endpoint}/json/close/${tab.id}`)
})

test('force-stop ends Chrome', async () => {
  await shell('am force-stop com.android.chrome')
  await expect.poll(() => plugged.phone.isChromeRunning).toBe(false)
})
