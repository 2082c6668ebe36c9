import { once } from 'node:events'
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendBlocks } from './file-blocks.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const SIZE = 3_500_000

/** A file of several blocks, which all differ. */
function fileOf(name: string, seed: number): Buffer {
  const bytes = Buffer.from(Uint32Array.from({ length: SIZE / 4 }, (_, at) => at * seed).buffer)
  writeFileSync(join(folder, name), bytes)
  return bytes
}

const server = createServer((asked, response) => {
  void sendBlocks(response, join(folder, asked.url ?? ''), {})
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => server.close())

async function get(name: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo
  const asked = request({ host: '127.0.0.1', port, path: `/${name}`, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return response
}

test('files that are sent at once, and after a client that left, arrive as they are', async () => {
  const files = [1, 3, 5].map((seed) => ({
    name: `${seed}.bin`,
    bytes: fileOf(`${seed}.bin`, seed),
  }))
  for (let round = 0; round < 2; round++) {
    const left = await get('1.bin')
    left.destroy()
    const got = await Promise.all(files.map(async ({ name }) => buffer(await get(name))))
    expect(got.map((bytes, at) => bytes.equals(files[at].bytes))).toEqual([true, true, true])
  }
})

test('a file that becomes shorter does not arrive as a whole', async () => {
  const path = join(folder, 'short.bin')
  writeFileSync(path, '')
  // More than the system takes before it is read.
  truncateSync(path, 64_000_000)
  const response = await get('short.bin')
  truncateSync(path, 10)
  await expect(buffer(response)).rejects.toThrow('aborted')
})
