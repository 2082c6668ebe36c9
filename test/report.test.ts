// The page of `report` in a real browser.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExecutable } from '../lib/devices/src/targets/chromium/executable.js'
import { shell } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-report-'))
const file = (name: string) => join(folder, name)
const EVIL = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>'

let browser: Browser
let evaluated: string

beforeAll(async () => {
  const wasm = 'fixtures/measured/nb101-f64-node-wasm.ndjson'
  const first = `{"id":"first","arch":{"space":"${EVIL.replaceAll('"', '\\"')}"},"measurement":{"device":"d","latency_ms":{"median":9}}}`
  writeFileSync(file('evil.ndjson'), `${first}\n{"id":"second","error":{"message":"<b>no</b>"}}\n`)
  const made = await shell(
    `head -60 ${wasm} | featurize > ${file('records')} &&
     head -30 ${file('records')} | train -q --model flops > ${file('p.json')} &&
     report -q --figures ${file('figures')} --predictor ${file('p.json')} ${file('evil.ndjson')} ${file('records')} > ${file('r.html')}`,
  )
  // 1: a record failed; the page is written all the same.
  expect(made).toMatchObject({ code: 1, stderr: '' })
  const predict = `predict -q --predictor ${file('p.json')} ${file('records')} | evaluate --json`
  evaluated = (await shell(predict)).stdout
  const device = {
    name: 'chromium',
    target: 'chromium',
    runtime: 'tfjs',
    backend: 'cpu',
    settings: {},
  }
  const executablePath = await findExecutable(device)
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  browser = await puppeteer.launch({ executablePath, args })
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

test('writes the plots as SVG and PNG files', () => {
  const names = ['predicted', 'errors', 'error-latency', 'learning-curve-1']
  const sizes = ['latency-activations', 'latency-macs', 'latency-parameters']
  const files = [...names, ...sizes].flatMap((name) => [`${name}.png`, `${name}.svg`])
  expect(readdirSync(file('figures')).sort()).toEqual(files.sort())
  const png = readFileSync(file('figures/predicted.png'))
  // The header of a PNG file has its width in the third word.
  expect(png.readUInt32BE(16)).toBeGreaterThan(1000)
})

describe.each([1440, 360])('at %i pixels', (width) => {
  let page: Page
  const said: string[] = []

  beforeAll(async () => {
    page = await browser.newPage()
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: width > 400 ? 'light' : 'dark' },
    ])
    await page.setViewport({ width, height: 900 })
    await page.goto(pathToFileURL(file('r.html')).href)
  })

  test('draws every plot that the records allow', async () => {
    const titles = await page.$$eval('figure h3', (all) =>
      all.map(({ textContent }) => textContent),
    )
    expect(titles).toEqual([
      'Predicted against measured latency',
      'Distribution of errors',
      'Error against measured latency',
      'Learning curve: nb101 on node/wasm',
      'Latency against multiply-accumulates',
      'Latency against parameters',
      'Latency against the peak of activations',
    ])
    for (const figure of await page.$$('figure')) {
      await figure.scrollIntoView()
      await figure.waitForSelector('canvas')
      // Pixels of more than one color: something is drawn.
      const colors = await figure.$eval('canvas', (canvas) => {
        const { data } =
          canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {}
        return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer())).size
      })
      expect(colors).toBeGreaterThan(10)
    }
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(scrolls).toBe(false)
  })

  test('has the numbers of evaluate', async () => {
    const [{ metrics }] = JSON.parse(evaluated) as [{ metrics: Record<string, number> }]
    const cells = await page.$$eval('#Accuracy td', (all) =>
      all.map(({ textContent }) => textContent),
    )
    const { count, mape_percent, median_ape_percent, rmse_ms, spearman_rho } = metrics
    expect(cells.slice(2, 6)).toEqual([
      count.toFixed(0),
      mape_percent.toFixed(2),
      median_ape_percent.toFixed(2),
      rmse_ms.toFixed(3),
    ])
    expect(cells[8]).toBe(spearman_rho.toFixed(3))
  })

  test('says which commands made it, as far as that is known', async () => {
    const commands = await page.$$eval('#Commands code', (all) =>
      all.map(({ textContent }) => textContent),
    )
    expect(commands.slice(0, 2)).toEqual([
      'device-run --device node --runtime tfjs --backend wasm --threads 1',
      'train --model flops --folds 10 --seed 0',
    ])
    expect(commands[2]).toMatch(/^report --title 'Latency report' --predictor /)
    const narrowest = await page.$$eval('main dd', (all) =>
      Math.min(...all.map(({ offsetWidth }) => offsetWidth)),
    )
    // A long name beside it leaves a value room to be read.
    expect(narrowest).toBeGreaterThan(100)
  })

  test('shows the cell of the network under the pointer, and keeps it after a click', async () => {
    await page.$eval('#latency-macs', (figure) => figure.scrollIntoView({ block: 'center' }))
    const frame = await page.waitForSelector('#latency-macs .frame')
    await frame?.focus()
    await page.keyboard.press('ArrowRight')
    const place = await page.$eval('#latency-macs .ring', (ring) => {
      const { x, y } = ring.getBoundingClientRect()
      return { x: x + 8, y: y + 8 }
    })
    await page.keyboard.press('Tab')
    expect(await page.$('.hint:not([hidden])')).toBeNull()
    await page.mouse.move(place.x, place.y)
    await page.waitForSelector('.hint:not([hidden]) .cell')
    const operators = await page.$$eval('.hint .cell title', (all) =>
      all.map(({ textContent }) => textContent),
    )
    expect(operators).toContain('output')
    expect(operators.length).toBeGreaterThan(2)
    await page.mouse.click(place.x, place.y)
    const id = await page.$eval('.pinned:not([hidden]) .id', ({ textContent }) => textContent)
    expect(id).toMatch(/^nb101-/)
    await page.keyboard.press('Escape')
    expect(await page.$('.pinned:not([hidden])')).toBeNull()
    await frame?.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    expect(
      await page.$eval('.pinned:not([hidden])', (panel) => panel.contains(document.activeElement)),
    ).toBe(true)
    await page.keyboard.press('Escape')
  })

  test('finds a record by its id', async () => {
    await page.type('input[type=search]', 'firs')
    await page.waitForFunction(
      () => document.querySelector('.filters .status')?.textContent === '1 of 61 records',
    )
    const shown = await page.$$eval('#Records .link', (all) =>
      all.map(({ textContent }) => textContent),
    )
    expect(shown).toEqual(['first'])
    await page.click('#Records .link')
    await page.click('.filters button')
  })

  test('runs no script of a record, and says nothing on the console', async () => {
    expect(await page.$eval('.pinned dd', ({ textContent }) => textContent)).toBe(EVIL)
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(said).toEqual([])
  })
})
