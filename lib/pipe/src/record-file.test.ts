import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { RecordFile } from './record-file.js'

const RESUME = { option: '--resume', takes: 'the output of device-run' }
const A = '{"id":"a","measurement":{"device":"node","latency_ms":{"median":1}}}'
const B = '{"id":"b","error":{"code":"timeout"}}'
const E_ACUTE = Buffer.from('{"id":"c","note":"é')

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
  file = join(folder, 'out.ndjson')
})

/** Reads and repairs a file with this content. */
async function resume(content: string | Uint8Array) {
  writeFileSync(file, content)
  const resumed = await RecordFile.at(file, ['cells.ndjson'], RESUME)
  const ids: string[] = []
  await resumed?.read(({ id }) => ids.push(id))
  // Reading changes nothing.
  expect(readFileSync(file).equals(Buffer.from(content))).toBe(true)
  await resumed?.repair()
  return { ids, repaired: readFileSync(file, 'utf8') }
}

describe('the end of the file', () => {
  test.each([
    ['is empty', '', [], ''],
    ['has a newline', `${A}\n${B}\n`, ['a', 'b'], `${A}\n${B}\n`],
    ['is a whole record', `${A}\n${B}`, ['a', 'b'], `${A}\n${B}\n`],
    ['is the only record', A, ['a'], `${A}\n`],
    ['is cut off', `${A}\n${B.slice(0, -1)}`, ['a'], `${A}\n`],
    ['is cut off after a byte', `${A}\n{`, ['a'], `${A}\n`],
    ['is the only line, cut off', A.slice(0, 30), [], ''],
    ['is the only line, cut off early', '{"i', [], ''],
    ['is cut off with CRLF before', `${A}\r\n${B}\r\n{"id":"c`, ['a', 'b'], `${A}\r\n${B}\r\n`],
    ['is cut off before the LF of CRLF', `${A}\r\n${B}\r`, ['a', 'b'], `${A}\r\n${B}\r\n`],
    ['is blank', `${A}\n \n  `, ['a'], `${A}\n \n  `],
  ])('%s', async (_name, content, ids, repaired) => {
    expect(await resume(content)).toEqual({ ids, repaired })
  })

  test('is cut off within a character', async () => {
    const content = Buffer.concat([Buffer.from(`${A}\n`), E_ACUTE.subarray(0, -1)])
    expect(content.toString()).toContain('\uFFFD')
    expect(await resume(content)).toEqual({ ids: ['a'], repaired: `${A}\n` })
  })

  test('is cut off after more than a block of the file', async () => {
    const long = `{"id":"c","note":"${'x'.repeat(200_000)}`
    expect(await resume(`${A}\n${long}`)).toEqual({ ids: ['a'], repaired: `${A}\n` })
  })
})

test.each([
  ['notes', 'buy milk\ncall mum'],
  ['one line of notes', 'buy milk'],
  ['notes after records', `${A}\nthe phone was hot`],
  ['a table', 'id,ms\na,1\n'],
  ['JSON of another kind', '{"format":"graph-model","weightsManifest":[]}'],
  ['JSON of another kind, cut off', '{"format":"graph-model","weights'],
  ['JSON over several lines', '{\n  "id": "a"\n}\n'],
  ['lines of JSON that are no records', '{"level":"info"}\n{"level":"warn"}\n'],
  ['a number', '17'],
  ['a binary file', Buffer.from([0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33, 0xff, 0x0a, 0, 0x0a, 1])],
  ['a record whose end is lost before the next', `${A.slice(0, 20)}${B}\n${A}\n`],
  ['a cut line with a newline', `${A}\n${B.slice(0, -1)}\n`],
])('%s: refused, and not changed', async (_name, content) => {
  await expect(resume(content)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/out\.ndjson:\d: not a record; --resume takes/) as string,
  })
  expect(readFileSync(file)).toEqual(Buffer.from(content))
})

describe('what is no file', () => {
  test('a missing one has no records and is not made', async () => {
    const resumed = await RecordFile.at(file, [], RESUME)
    await resumed?.read(() => expect.unreachable())
    await resumed?.repair()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  test('/dev/null is as good as none', async () => {
    expect(await RecordFile.at('/dev/null', [], RESUME)).toBeUndefined()
  })

  test.each([
    ['a folder', 'it is a folder', () => mkdirSync(file)],
    ['a FIFO', 'it is not a regular file', () => execFileSync('mkfifo', [file])],
    ['an endless device', 'it is not a regular file', () => symlinkSync('/dev/zero', file)],
  ])('%s is refused at once', async (_name, reason, make) => {
    make()
    await expect(RecordFile.at(file, [], RESUME)).rejects.toMatchObject({
      code: 'usage',
      message: `--resume ${file}: ${reason}`,
    })
  })

  test('an empty name is refused', async () => {
    await expect(RecordFile.at('', [], RESUME)).rejects.toThrow('the name of the file is empty')
  })
})

test('the input is refused, whichever path leads to it', async () => {
  writeFileSync(file, A)
  const link = join(folder, 'link')
  symlinkSync(file, link)
  for (const input of [file, link]) {
    await expect(RecordFile.at(file, ['other', input], RESUME)).rejects.toThrow(
      'it is also the input',
    )
  }
})

test('a file that another program writes to is not repaired', async () => {
  writeFileSync(file, `${A}\n{"id"`)
  const resumed = await RecordFile.at(file, ['cells.ndjson'], RESUME)
  await resumed?.read(() => undefined)
  writeFileSync(file, `${A}\n${B}\n`)
  await expect(resumed?.repair()).rejects.toThrow('another program writes to it')
  expect(readFileSync(file, 'utf8')).toBe(`${A}\n${B}\n`)
})

test('a file has the same lock whichever path leads to it', async () => {
  const locksOf = async (path: string): Promise<string[]> => {
    const resumed = await RecordFile.at(path, ['cells.ndjson'], RESUME)
    return ((await resumed?.locks()) ?? []).map(({ name }) => name)
  }
  const before = await locksOf(file)
  writeFileSync(file, '')
  const own = await locksOf(file)
  // It has a lock of its path before and after another program makes it.
  expect(own).toEqual([...before, expect.stringMatching(/^inode /)])
  symlinkSync(file, join(folder, 'symbolic'))
  linkSync(file, join(folder, 'hard'))
  expect(await locksOf(join(folder, 'symbolic'))).toEqual(own)
  expect(await locksOf(join(folder, 'hard'))).toContain(own[1])
  writeFileSync(join(folder, 'other'), '')
  for (const name of await locksOf(join(folder, 'other'))) expect(own).not.toContain(name)
})
