import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LetiRecord } from '@leti/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FetchedModels, ModelsAway } from './fetched-models.js'
import { makeRoom } from './model-cache.js'
import { serveModels, type ModelServer } from './model-server.js'
import { ModelFolder } from './models.js'

const TOKEN = 'a token'
const home = mkdtempSync(join(tmpdir(), 'leti-test-'))
const folder = join(home, 'shared')
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')
const bytes = Buffer.alloc(100, 7)
const path = join(home, 'net.tflite')
const record = (model: object): LetiRecord => ({
  id: 'a',
  model: { format: 'tflite', path, ...model },
})
const given = record({ sha256: sha(bytes) })
let server: ModelServer
let caches = 0

const addressAt = (port: number, token = TOKEN) =>
  `http://:${encodeURIComponent(token)}@127.0.0.1:${port}`
const newCache = () => join(home, `cache ${caches++}`)

beforeAll(async () => {
  writeFileSync(path, bytes)
  await new ModelFolder(folder).put(given)
  server = await serveModels(folder, { host: '127.0.0.1', port: 0, token: TOKEN })
})

afterAll(() => server.close())

test('a model is fetched by its digest once a host, and kept', async () => {
  const cache = newCache()
  const models = new FetchedModels(addressAt(server.port), cache)
  const [one, other] = await Promise.all([models.localize(given), models.localize(given)])
  expect(one).toEqual(other)
  expect(readFileSync(one.model?.path ?? '')).toEqual(bytes)
  expect(readdirSync(cache)).toEqual([sha(bytes)])
  // Without the server, the kept one is there.
  const offline = new FetchedModels(addressAt(1), cache)
  expect(await offline.localize(given)).toEqual(one)
  expect(models.restore(one, given).model?.path).toBe(path)
  const built = { id: 'a', arch: { space: 'nb201' } }
  expect(await offline.localize(built)).toBe(built)
})

test('weights in folders of their own travel with the model', async () => {
  const weights = Buffer.from(new Float32Array([1]).buffer)
  const manifest = [
    { paths: ['deep/er.bin'], weights: [{ name: 'w', shape: [1], dtype: 'float32' }] },
  ]
  const text = JSON.stringify({
    format: 'graph-model',
    modelTopology: {},
    weightsManifest: manifest,
  })
  mkdirSync(join(home, 'tfjs', 'deep'), { recursive: true })
  writeFileSync(join(home, 'tfjs', 'deep', 'er.bin'), weights)
  const file = join(home, 'tfjs', 'model.json')
  writeFileSync(file, text)
  const model = { format: 'tfjs', path: file, sha256: sha(weights, Buffer.from(text)) }
  await new ModelFolder(folder).put(record(model))
  const cache = newCache()
  const local = await new FetchedModels(addressAt(server.port), cache).localize(record(model))
  expect(readFileSync(local.model?.path ?? '', 'utf8')).toBe(text)
  expect(readFileSync(join(cache, model.sha256, 'deep', 'er.bin'))).toEqual(weights)
})

describe('the server', () => {
  const ask = (name: string, authorization?: string) =>
    fetch(`http://127.0.0.1:${server.port}/${name}`, {
      headers: authorization === undefined ? {} : { Authorization: authorization },
    })

  test('gives nothing without its token', async () => {
    for (const wrong of [undefined, 'Bearer', 'Bearer another', `Basic ${TOKEN}`]) {
      const answer = await ask(`${sha(bytes)}/net.tflite`, wrong)
      expect([answer.status, await answer.text()]).toEqual([401, ''])
    }
  })

  test('gives only the files of a model that is there', async () => {
    const found = async (name: string) => (await ask(name, `Bearer ${TOKEN}`)).status
    writeFileSync(join(folder, 'secret'), 'x')
    mkdirSync(join(folder, `${sha(bytes)}.new`), { recursive: true })
    writeFileSync(join(folder, `${sha(bytes)}.new`, 'net.tflite'), 'half')
    expect(await found(`${sha(bytes)}/net.tflite`)).toBe(200)
    for (const name of ['secret', '%2e%2e%2fsecret', '..%2fsecret', '%', 'other']) {
      expect(await found(`${sha(bytes)}/${name}`)).toBe(404)
    }
    expect(await found('secret')).toBe(404)
    expect(await found(`${sha(bytes)}.new/net.tflite`)).toBe(404)
    expect(await found(`${'0'.repeat(64)}/`)).toBe(404)
  })
})

describe('what a worker does not accept', () => {
  let hostile: Server
  let files: unknown

  beforeAll(async () => {
    hostile = createServer(({ url = '' }, response) => {
      response.end(url.endsWith('/') ? JSON.stringify(files) : Buffer.alloc(200, 1))
    })
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve))
  })

  afterAll(() => hostile.close())

  test.each([
    ['names that lead elsewhere', [{ name: '../../x', bytes: 200 }], 'lists no files'],
    ['absolute names', [{ name: '/etc/x', bytes: 200 }], 'lists no files'],
    ['a model that fills the disk', [{ name: 'net.tflite', bytes: 1e15 }], 'lists no files'],
    ['no list', { name: 'net.tflite' }, 'lists no files'],
    ['more bytes than were said', [{ name: 'net.tflite', bytes: 100 }], 'is longer than'],
    ['another model', [{ name: 'net.tflite', bytes: 200 }], 'has changed since its record'],
    ['a model without its file', [{ name: 'other', bytes: 200 }], 'has no net.tflite'],
  ])('%s', async (_name, listed, message) => {
    files = listed
    const cache = newCache()
    const { port } = hostile.address() as AddressInfo
    const fetched = new FetchedModels(addressAt(port), cache).localize(given)
    await expect(fetched).rejects.toMatchObject({ code: 'bad-model' })
    await expect(fetched).rejects.toThrow(message)
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([])
  })
})

test('a server that is away or refuses the token is no fault of the network; it is asked again', async () => {
  const wrong = new FetchedModels(addressAt(server.port, 'wrong'), newCache())
  expect(await wrong.problem()).toBeUndefined()
  await expect(wrong.localize(given)).rejects.toThrow(ModelsAway)
  for (let look = 0; look < 2; look++) {
    expect(await wrong.problem()).toBe('the server of models refuses the token of --models')
  }
  const away = await serveModels(folder, { host: '127.0.0.1', port: 0, token: TOKEN })
  away.close()
  const models = new FetchedModels(addressAt(away.port), newCache())
  await expect(models.localize(given)).rejects.toThrow(ModelsAway)
  expect(await models.problem()).toMatch(/^the server of models does not answer: .*ECONNREFUSED/)
  expect(await models.problem()).toMatch(/does not answer/)
  const back = await serveModels(folder, { host: '127.0.0.1', port: away.port, token: TOKEN })
  expect(await models.problem()).toBeUndefined()
  expect((await models.localize(given)).model?.path).toBeDefined()
  back.close()
})

test('a model that the server lacks is the error of its record', async () => {
  const models = new FetchedModels(addressAt(server.port), newCache())
  const missing = models.localize(record({ sha256: 'f'.repeat(64) }))
  await expect(missing).rejects.toMatchObject({ code: 'unsupported' })
  expect(await models.problem()).toBeUndefined()
})

test('the cache is bounded: what was used longest ago goes first, and what is in use stays', async () => {
  const cache = newCache()
  const old = (name: string, minutes: number) => {
    mkdirSync(join(cache, name), { recursive: true })
    writeFileSync(join(cache, name, 'net'), Buffer.alloc(100))
    const time = new Date(Date.now() - 60_000 * minutes)
    utimesSync(join(cache, name), time, time)
  }
  old('oldest', 30)
  old('older', 20)
  old('recent', 1)
  await makeRoom(cache, 50, 400)
  expect(readdirSync(cache)).toHaveLength(3)
  await makeRoom(cache, 150, 400)
  expect(readdirSync(cache).sort()).toEqual(['older', 'recent'])
  await makeRoom(cache, 1000, 400)
  expect(readdirSync(cache)).toEqual(['recent'])
})
