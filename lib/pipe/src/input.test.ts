import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLines } from './input.js'

const refuse = (place: string): never => expect.unreachable(place)

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('signals are heard between the lines of one chunk', async () => {
  const file = fileOf('short.ndjson', '1\n'.repeat(10_000))
  const stop = new AbortController()
  let heard: NodeJS.Immediate | undefined
  let count = 0
  for await (const { text } of readLines([file], { signal: stop.signal, refuse })) {
    heard ??= setImmediate(() => stop.abort())
    const start = performance.now()
    while (performance.now() - start < 1);
    expect(text).toBe('1')
    count++
  }
  expect(count).toBeLessThan(10_000)
})

test('the stop of the run ends the reading of a FIFO to which nobody writes', async () => {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  for await (const line of readLines([fifo], { signal: stop.signal, refuse }))
    expect(line).toBeUndefined()
  expect(stop.signal.aborted).toBe(true)
})

test('a line that is too long is refused with its place, and the next one is read', async () => {
  const file = fileOf('long.ndjson', '1\n')
  // Its bytes are a hole in the file.
  truncateSync(file, 2 ** 28 + 2 ** 22)
  appendFileSync(file, '\n3\n')
  const refused: string[] = []
  const texts: string[] = []
  const options = {
    refuse: (place: string, message: string) => void refused.push(`${place}: ${message}`),
  }
  for await (const { text, place } of readLines([file], options)) texts.push(`${place}: ${text}`)
  expect(texts).toEqual([`${file}:1: 1`, `${file}:3: 3`])
  expect(refused).toEqual([`${file}:2: the line is longer than the limit of 256 MiB`])
})

test.each([
  [folder, `cannot read ${folder}: it is a folder`],
  [join(folder, 'nothing'), `cannot read ${join(folder, 'nothing')}: no such file`],
])('%s is wrong usage before the first line', async (path, message) => {
  const good = fileOf('good.ndjson', '1\n')
  const read = async (): Promise<void> => {
    for await (const line of readLines([good, path], { refuse })) expect(line).toBeUndefined()
  }
  await expect(read()).rejects.toMatchObject({ code: 'usage', message })
})
