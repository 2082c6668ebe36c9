import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  checkRegular,
  digestFiles,
  fileWithin,
  readGiven,
  readRegular,
  systemReason,
} from './index.js'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leti-test-')))

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a file that a record names', () => {
  const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251)
  const path = file('model.tflite', bytes)
  const pipe = join(folder, 'pipe.tflite')
  execFileSync('mkfifo', [pipe])

  test('is read whole', async () => {
    expect(Buffer.compare(await readRegular(path), bytes)).toBe(0)
    expect(await readRegular(file('empty', ''))).toHaveLength(0)
    expect(await checkRegular(path)).toBe(bytes.length)
  })

  test('has the digest of its bytes; several files, of all their bytes in order', async () => {
    const sha256 = createHash('sha256').update(bytes).update('more').digest('hex')
    expect(await digestFiles([path, file('more', 'more')])).toEqual({
      sha256,
      bytes: bytes.length + 4,
    })
  })

  // A pipe without a writer would block and a device would never end.
  test.each([
    ['a pipe', pipe],
    ['a device', '/dev/zero'],
    ['a folder', folder],
  ])('is never %s', async (_kind, name) => {
    for (const use of [readRegular, checkRegular, (it: string) => digestFiles([it])]) {
      await expect(use(name)).rejects.toMatchObject({ code: 'bad-model' })
      await expect(use(name)).rejects.toThrow(`${name} is not a regular file`)
    }
  })

  test('is refused before it is read if it is larger than the limit', async () => {
    const large = file('large', '')
    truncateSync(large, 2 ** 40)
    for (const use of [readRegular, checkRegular, (it: string) => digestFiles([it])]) {
      await expect(use(large)).rejects.toMatchObject({ code: 'unsupported' })
    }
    await expect(readRegular(path, 2_000_000)).rejects.toThrow('larger than the limit of 2 MiB')
  })

  // Linux reports 0 bytes for files that it makes up when they are read.
  test.skipIf(process.platform !== 'linux')('gives the bytes that it had when opened', async () => {
    expect(await readRegular('/proc/self/status')).toHaveLength(0)
  })
})

describe('a file within a folder', () => {
  const model = join(folder, 'model')
  mkdirSync(join(model, 'weights'), { recursive: true })
  file('secret', 'root:x:0:0')
  file('model/a.bin', '')
  file('model/weights/..b.bin', '')
  symlinkSync('../secret', join(model, 'link.bin'))
  symlinkSync('a.bin', join(model, 'alias.bin'))
  symlinkSync('model', join(folder, 'alias'))

  test.each([
    ['a.bin', 'a.bin'],
    ['./weights/..b.bin', 'weights/..b.bin'],
    ['weights/../a.bin', 'a.bin'],
    ['alias.bin', 'a.bin'],
  ])('%s is found', async (path, found) => {
    expect(await fileWithin(model, path)).toBe(join(model, found))
    expect(await fileWithin(join(folder, 'alias'), path)).toBe(join(model, found))
  })

  test.each([
    ['../secret'],
    ['weights/../../secret'],
    [join(folder, 'secret')],
    [join(model, 'a.bin')],
    ['link.bin'],
    ['a.bin\0'],
    ['..'],
    ['.'],
    [''],
  ])('%j is none', async (path) => {
    expect(await fileWithin(model, path)).toBeUndefined()
  })

  test('a missing one is an error of the system', async () => {
    await expect(fileWithin(model, 'none')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a file that the user names', () => {
  function newPipe(): string {
    const path = join(mkdtempSync(join(folder, 'pipe-')), 'pipe')
    execFileSync('mkfifo', [path])
    return path
  }

  test('may be a pipe, whose writer may come late', async () => {
    expect(await readGiven(file('text', 'käse\n'))).toBe('käse\n')
    const path = newPipe()
    const read = readGiven(path)
    const text = 'x'.repeat(200_000)
    await writeFile(path, text)
    expect(await read).toBe(text)
  })

  test('does not hold a run that was stopped', async () => {
    const stop = new AbortController()
    const reason = new Error('stopped')
    const read = readGiven(newPipe(), stop.signal)
    stop.abort(reason)
    await expect(read).rejects.toBe(reason)
  })

  test.each([
    [folder, 'it is a folder'],
    [join(folder, 'none'), 'no such file or directory'],
    // Endless: refused at the length that a text can have.
    ['/dev/zero', '/dev/zero is larger than the limit of 512 MiB'],
  ])('%s is wrong usage', async (path, message) => {
    await expect(readGiven(path)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    })
  })
})

test('the reason of the system comes without the name of the file', async () => {
  const error: unknown = await readRegular(join(folder, 'none')).catch((reason: unknown) => reason)
  expect(systemReason(error)).toBe('no such file or directory')
  expect(systemReason(new Error('other'))).toBe('other')
})
