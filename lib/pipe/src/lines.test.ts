import { expect, test } from 'vitest'
import { splitLines } from './lines.js'

async function* chunksOf(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve()
    yield bytes.subarray(start, start + size)
  }
}

async function linesOf(text: string, size: number): Promise<string[]> {
  const lines: string[] = []
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

test('a line without an end is refused before it fills the memory', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    const chunk = Buffer.alloc(1 << 26, 'x')
    for (;;) yield await Promise.resolve(chunk)
  }
  const read = async (): Promise<void> => {
    for await (const lines of splitLines(endless())) expect(lines).toEqual([])
  }
  await expect(read()).rejects.toThrow('a line is longer than 268435456 bytes')
})
