import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { openNetwork, writeModel, type Format, type WrittenModel } from '@leti/formats'
import { FORMATS } from '@leti/formats/names'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeRecordModel } from './write.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const written = {} as Record<Format, WrittenModel>

beforeAll(async () => {
  const arch_str = '|skip_connect~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|'
  const { executed } = await openNetwork({ id: 'cell', arch: { space: 'nb201', arch_str } })
  for (const format of FORMATS) written[format] = await writeModel(executed, format, folder, 0)
})

/** The file to measure for a record with this `model`. */
async function fileOf(
  model: { format: string; path: string; sha256?: string },
  format = model.format,
): Promise<string | undefined> {
  const out = join(folder, 'out')
  return (await writeRecordModel({ id: 'a', model }, format as Format, out)).path
}

/** A copy of the model, in a folder of its own; the path of the file to load. */
function copyOf(format: Format): string {
  const { path } = written[format]
  const copy = mkdtempSync(join(folder, 'copy-'))
  cpSync(dirname(path), copy, { recursive: true })
  return join(copy, relative(dirname(path), path))
}

test.each(FORMATS)('a %s model with the digest of its record is given', async (format) => {
  const { path, sha256 } = written[format]
  expect(await fileOf({ format, path, sha256 })).toBe(path)
  expect(await fileOf({ format, path, sha256: sha256.toUpperCase() })).toBe(path)
})

describe.each([
  ['tfjs', 'model.json'],
  ['tfjs', 'group1-shard1of1.bin'],
  ['tflite', 'model.tflite'],
] as const)('a %s model whose %s has changed', (format, part) => {
  test('is refused by its digest, in every format', async () => {
    const path = copyOf(format)
    appendFileSync(join(dirname(path), part), ' ')
    const { sha256 } = written[format]
    for (const asked of FORMATS) {
      await expect(fileOf({ format, path, sha256 }, asked)).rejects.toMatchObject({
        code: 'bad-model',
        message: expect.stringMatching(
          new RegExp(`^${path} has changed .* SHA-256 is [0-9a-f]{64}, not ${sha256};`),
        ) as string,
      })
    }
    // A record without a digest says nothing about the content.
    expect(await fileOf({ format, path })).toBe(path)
  })
})

describe.each(['tfjs', 'tflite', 'onnx'])('a model of format %s', (format) => {
  test('is a regular file', async () => {
    const pipe = join(mkdtempSync(join(folder, 'pipe-')), 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of ['/dev/zero', '/dev/null', pipe, folder]) {
      await expect(fileOf({ format, path })).rejects.toMatchObject({
        code: 'bad-model',
        message: expect.stringContaining(`${path} is not a regular file`) as string,
      })
    }
  })

  test('that does not exist costs its record', async () => {
    await expect(fileOf({ format, path: 'no/model' })).rejects.toMatchObject({
      code: 'model-failed',
      message: 'cannot read the model no/model: no such file or directory',
    })
  })
})

describe('a model.json', () => {
  test.each(['../../secret.bin', 'link.bin'])('cannot name %s as weights', async (name) => {
    writeFileSync(join(folder, 'secret.bin'), 'secret')
    const path = copyOf('tfjs')
    symlinkSync('../secret.bin', join(dirname(path), 'link.bin'))
    const text = readFileSync(path, 'utf8').replace('group1-shard1of1.bin', name)
    writeFileSync(path, text)
    await expect(fileOf({ format: 'tfjs', path })).rejects.toThrow(
      'is outside the folder of the model',
    )
  })

  test('is not quoted if it is another file', async () => {
    const path = join(folder, 'passwd')
    writeFileSync(path, 'root:x:0:0:root:/root:/bin/bash\n')
    await expect(fileOf({ format: 'tfjs', path })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.not.stringContaining('root') as string,
    })
  })
})
