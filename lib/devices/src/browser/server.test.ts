import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type PageServer } from './server.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const models = join(folder, 'models')
mkdirSync(join(models, 'sub'), { recursive: true })
writeFileSync(join(folder, 'secret.bin'), 'secret')
writeFileSync(join(models, 'other.bin'), 'secret')
writeFileSync(join(models, 'sub/a b#1.bin'), 'weights')

function modelJson(name: string, ...paths: string[]): string {
  const path = join(models, name)
  const weightsManifest = [{ paths, weights: [] }]
  writeFileSync(path, JSON.stringify({ modelTopology: { node: [] }, weightsManifest }))
  return path
}

let server: PageServer
let token: string

beforeAll(async () => {
  server = await startServer('tfjs')
  token = server.path.split('/')[1]
})

afterAll(() => server.close())

/** Requests a path as it stands: `fetch` would normalize it. */
async function get(path: string, method = 'GET') {
  const asked = request({ host: '127.0.0.1', port: server.port, path, method, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

describe('serves a model', () => {
  test('and its weights in subfolders, under names of any characters', async () => {
    const url = await server.offer(modelJson('ü+(%).json', './sub/a b#1.bin'))
    expect(url).toMatch(/^model\d+\/%C3%BC%2B\(%25\)\.json$/)
    const base = url.slice(0, url.indexOf('/'))
    expect((await get(`/${token}/${url}`)).body).toContain('weightsManifest')
    expect(await get(`/${token}/${base}/sub/a%20b%231.bin`)).toMatchObject({
      status: 200,
      body: 'weights',
    })
  })

  test('only until the next one is offered', async () => {
    const first = await server.offer(modelJson('first.json'))
    const second = await server.offer(modelJson('second.json'))
    expect((await get(`/${token}/${first}`)).status).toBe(404)
    expect((await get(`/${token}/${second}`)).status).toBe(200)
  })

  test('whose weights lie in its folder, and no other', async () => {
    symlinkSync('../secret.bin', join(models, 'link.bin'))
    for (const path of ['../secret.bin', 'link.bin', join(folder, 'secret.bin')]) {
      await expect(server.offer(modelJson('hostile.json', path))).rejects.toMatchObject({
        code: 'bad-model',
      })
    }
  })

  test('that consists of regular files', async () => {
    const pipe = join(models, 'pipe.json')
    execFileSync('mkfifo', [pipe])
    await expect(server.offer(pipe)).rejects.toMatchObject({ code: 'bad-model' })
    await expect(server.offer(models)).rejects.toMatchObject({ code: 'bad-model' })
    await expect(server.offer(join(models, 'none.json'))).rejects.toThrow(
      'none.json: no such file or directory',
    )
  })
})

describe('serves nothing else', () => {
  let base: string
  beforeAll(async () => {
    const url = await server.offer(modelJson('model.json', 'sub/a b#1.bin'))
    base = url.slice(0, url.indexOf('/'))
  })

  test.each([
    ['a file beside the model', 'BASE/other.bin'],
    ['a file above it', 'BASE/../secret.bin'],
    ['the same, encoded', 'BASE/%2e%2e/secret.bin'],
    ['the same, with an encoded slash', 'BASE/..%2fsecret.bin'],
    ['the same, with a backslash', 'BASE/..\\secret.bin'],
    ['a path from the root', 'BASE//etc/passwd'],
    ['the same, encoded', 'BASE/%2fetc%2fpasswd'],
    ['a file above the wasm files', 'tfjs/../package.json'],
    ['a file above the page', '../package.json'],
    ['the same, encoded', '%2e%2e%2fpackage.json'],
    ['a folder', 'BASE/sub'],
    ['a folder', 'BASE/'],
    ['a damaged code', 'BASE/%zz'],
    ['a zero byte', 'BASE/model.json%00'],
  ])('%s: %s', async (_what, path) => {
    const { status, body } = await get(`/${token}/${path.replace('BASE', base)}`)
    expect({ status, body }).toEqual({ status: 404, body: '' })
  })

  test('without its token', async () => {
    const other = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    for (const start of ['', '/', `/${other}/`, '//', `/x/${token}/`, '/leti-/']) {
      expect((await get(`${start}${base}/model.json`)).status).not.toBe(200)
    }
    expect(token).toMatch(/^leti-[0-9a-f]{32}$/)
    expect((await startServer('tfjs').then(closed)).path).not.toBe(server.path)
  })

  test('to methods that are not GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get(`/${token}/${base}/model.json`, method)).status).toBe(404)
    }
  })
})

function closed(started: PageServer): PageServer {
  started.close()
  return started
}

test('pages of other origins may not read what it serves', async () => {
  const url = await server.offer(modelJson('model.json'))
  const { headers } = await get(`/${token}/${url}`)
  expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('listens on the loopback interface only', async () => {
  const outward = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)
  for (const host of ['127.0.0.2', ...(outward ? [outward.address] : [])]) {
    await expect(
      new Promise((resolve, reject) => {
        connect(server.port, host).on('connect', resolve).on('error', reject)
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
})
