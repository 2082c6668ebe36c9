import { expect, test } from 'vitest'
import { splitLines } from './lines.js'

async function* chunksOf(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve()
    yield bytes.subarray(start, start + size)
  }
}

async function linesOf(text: string, size: number): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = []
  for await (const some of splitLines(chunksOf(text, size))) lines.push(...some)
  return lines
}

test.each([1, 2, 3, 1000])('chunks of %d bytes', async (size) => {
  expect(await linesOf('ä\n\nbc\r\n模\n', size)).toEqual(['ä', '', 'bc', '模'])
  expect(await linesOf('a\nlast', size)).toEqual(['a', 'last'])
  expect(await linesOf('\n', size)).toEqual([''])
  expect(await linesOf('', size)).toEqual([])
})

// In quadratic time it would take minutes.
test('a line of 64 MiB in small chunks', { timeout: 20_000 }, async () => {
  const text = 'x'.repeat(1 << 26)
  const [line] = await linesOf(`${text}\n`, 1 << 12)
  expect(line === text).toBe(true)
})

test('a line that is too long is skipped, and told while it goes on', async () => {
  let read = 0
  async function* chunks(): AsyncGenerator<Buffer> {
    const chunk = Buffer.alloc(1 << 24, 'x')
    yield Buffer.from('first\nlong')
    for (; read < 24; read++) yield await Promise.resolve(chunk)
    yield Buffer.from('end\nnext\nla')
    yield Buffer.from('st')
  }
  const lines: (string | undefined)[] = []
  let readAtLimit: number | undefined
  for await (const some of splitLines(chunks())) {
    lines.push(...some)
    if (some.includes(undefined)) readAtLimit = read
  }
  expect(lines).toEqual(['first', undefined, 'next', 'last'])
  // 256 MiB are 16 chunks.
  expect(readAtLimit).toBe(15)
})
