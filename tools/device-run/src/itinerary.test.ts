import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlacedRecord } from '@leti/pipe'
import { expect, test } from 'vitest'
import { blockSizeOf, itinerary } from './itinerary.js'

/** Devices that measure nothing: only their names count. */
const FAKE = { config: { name: 'fake' } }
const OTHER_FAKE = { config: { name: 'other' } }

function placed(id: string): PlacedRecord {
  return { record: { id }, text: `{"id":"${id}"}`, place: 'stdin:1' }
}

async function* networks(count: number): AsyncGenerator<PlacedRecord> {
  for (let number = 1; number <= count; number++) yield Promise.resolve(placed(`n${number}`))
}

interface Plan {
  records?: AsyncIterable<PlacedRecord>
  devices?: (typeof FAKE)[]
  visits?: number
  seed?: number
  blockSize?: number
  /** Networks that no device can measure. */
  hopeless?: string[]
}

/** All stops, as `id visit device`. */
async function stopsOf(plan: Plan): Promise<string[]> {
  const { records = networks(8), devices = [FAKE], visits = 2, seed = 0, blockSize = 25 } = plan
  const seen: string[] = []
  for await (const stop of itinerary(records, devices, { visits, seed }, blockSize)) {
    const { id } = stop.placed.record
    seen.push(`${id} ${stop.visit} ${stop.devices.map(({ config }) => config.name).join()}`)
    if (plan.hopeless?.includes(id)) for (const device of stop.devices) stop.hopeless.add(device)
  }
  return seen
}

test('a single visit keeps the order, and waits for no other record', async () => {
  const devices = [FAKE, OTHER_FAKE]
  const endless = itinerary(networks(Infinity), devices, { visits: 1, seed: 0 }, 25)
  const value = { placed: { record: { id: 'n1' } }, visit: 1, devices }
  expect(await endless.next()).toMatchObject({ value })
  expect(await stopsOf({ records: networks(2), visits: 1 })).toEqual(['n1 1 fake', 'n2 1 fake'])
})

test('a list is measured in passes, each in a random order of its own', async () => {
  const stops = await stopsOf({ visits: 3 })
  const passes = [stops.slice(0, 8), stops.slice(8, 16), stops.slice(16)]
  passes.forEach((pass, index) => {
    const all = Array.from({ length: 8 }, (_, i) => `n${i + 1} ${index + 1} fake`)
    expect(pass.toSorted()).toEqual(all)
  })
  const orders = passes.map((pass) => pass.map((stop) => stop.split(' ')[0]).join())
  expect(new Set(orders).size).toBe(3)
})

test('the seed alone makes the orders', async () => {
  expect(await stopsOf({ seed: 7 })).toEqual(await stopsOf({ seed: 7 }))
  expect(await stopsOf({ seed: 7 })).not.toEqual(await stopsOf({ seed: 8 }))
})

test('a further visit does not change the orders of the first ones', async () => {
  expect((await stopsOf({ visits: 3 })).slice(0, 16)).toEqual(await stopsOf({ visits: 2 }))
})

test('devices of one machine take turns, each in an order of its own', async () => {
  const stops = await stopsOf({ devices: [FAKE, OTHER_FAKE] })
  const routes = ['fake', 'other'].map((name) => stops.filter((stop) => stop.endsWith(name)))
  expect(stops.map((stop) => stop.split(' ')[2]).slice(0, 4)).toEqual([
    'fake',
    'other',
    'fake',
    'other',
  ])
  expect(routes[0]).toEqual(await stopsOf({ devices: [FAKE] }))
  expect(routes[1].map((stop) => stop.split(' ')[0])).not.toEqual(
    routes[0].map((stop) => stop.split(' ')[0]),
  )
})

test('a stream is measured in blocks; each pass of the later ones visits the first three again', async () => {
  const stops = await stopsOf({ records: networks(60) })
  expect(
    stops
      .slice(50, 50 + 2 * 28)
      .filter((stop) => /^n[123] /.test(stop))
      .toSorted(),
  ).toEqual(['n1 3 fake', 'n1 4 fake', 'n2 3 fake', 'n2 4 fake', 'n3 3 fake', 'n3 4 fake'])
  expect(
    stops
      .slice(106)
      .filter((stop) => /^n[123] /.test(stop))
      .toSorted(),
  ).toEqual(['n1 5 fake', 'n1 6 fake', 'n2 5 fake', 'n2 6 fake', 'n3 5 fake', 'n3 6 fake'])
  expect(stops).toHaveLength(2 * 60 + 2 * 2 * 3)
  // The passes of a block: visits 3 of the anchors come with visits 1 of the others.
  const second = stops.slice(50, 78).map((stop) => Number(stop.split(' ')[1]))
  expect([...new Set(second)].toSorted()).toEqual([1, 3])
  expect(new Set(stops).size).toBe(stops.length)
})

test('of an endless stream, only a block is read ahead', async () => {
  let read = 0
  async function* counted(): AsyncGenerator<PlacedRecord> {
    for await (const record of networks(Infinity)) {
      read++
      yield record
    }
  }
  const stops = itinerary(counted(), [FAKE], { visits: 2, seed: 0 }, 25)
  for (let stop = 0; stop < 1000; stop++) await stops.next()
  // 50 stops of the first block, then 56 a block.
  expect(read).toBe(25 * (1 + Math.ceil(950 / 56)))
})

test('a record with an error is given at once, and once', async () => {
  async function* mixed(): AsyncGenerator<PlacedRecord> {
    yield* networks(2)
    const error = { tool: 'other', code: 'bad-arch', message: 'no' }
    yield { ...placed('wrong'), record: { id: 'wrong', error } }
  }
  const stops = await stopsOf({ records: mixed() })
  expect(stops[0]).toBe('wrong 1 fake')
  expect(stops).toHaveLength(5)
})

test('a network that cannot be measured is tried once, and is no anchor', async () => {
  const stops = await stopsOf({ records: networks(30), hopeless: ['n2'] })
  expect(stops.filter((stop) => stop.startsWith('n2 '))).toEqual(['n2 1 fake'])
  const again = stops.filter((stop) => Number(stop.split(' ')[1]) > 2)
  expect(new Set(again.map((stop) => stop.split(' ')[0]))).toEqual(new Set(['n1', 'n3', 'n4']))
})

test('only regular files are known to end', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'cells.ndjson')
  writeFileSync(file, '')
  expect(await blockSizeOf([file, file])).toBeGreaterThan(1000)
  expect(await blockSizeOf([file, '/dev/zero'])).toBe(25)
  expect(await blockSizeOf([file, `${file}.absent`])).toBe(25)
})
