import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { ModelFolder } from './models.js'

const home = mkdtempSync(join(tmpdir(), 'leti-test-'))
const folder = join(home, 'shared')
const bytes = Buffer.alloc(100, 7)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const path = join(home, 'net.tflite')
writeFileSync(path, bytes)
const record = (model: object): LetiRecord => ({ id: 'a', model: { format: 'tflite', ...model } })

test('a model goes by its digest to a folder that all hosts share', async () => {
  const shared = new ModelFolder(folder)
  const given = record({ path, sha256 })
  await shared.put(given)
  await shared.put(given)
  expect(readdirSync(folder)).toEqual([sha256])
  const local = shared.localize(given)
  expect(local.model?.path).toBe(join(folder, sha256, 'net.tflite'))
  expect(existsSync(local.model?.path ?? '')).toBe(true)
  expect(shared.restore(local, given).model?.path).toBe(path)
})

test('a model that is not the one of its record is not shared', async () => {
  await expect(
    new ModelFolder(join(home, 'other')).put(record({ path, sha256: 'f'.repeat(64) })),
  ).rejects.toThrow('has changed since its record was made')
})

test('a job reads no path of its own: only a digest within the folder', () => {
  const shared = new ModelFolder(folder)
  const local = shared.localize(record({ path: '/etc/passwd', sha256 }))
  expect(local.model?.path).toBe(join(folder, sha256, 'passwd'))
  for (const model of [
    { path, sha256: '../..' },
    { path: '/', sha256 },
    { path: 'a/..', sha256 },
    { path },
  ]) {
    expect(() => shared.localize(record(model))).toThrow(/model\.(sha256|path)/)
  }
  const ofFile = { id: 'a', arch: { space: 'file', file: '/etc/passwd' } }
  expect(() => shared.localize(ofFile)).toThrow('gen-model --out')
})

test('without a folder, models are refused; a network that is built where it is measured needs none', async () => {
  const none = new ModelFolder()
  await expect(none.put(record({ path, sha256 }))).rejects.toMatchObject({ code: 'unsupported' })
  expect(() => none.localize(record({ path, sha256 }))).toThrow('--models')
  const built = { id: 'a', arch: { space: 'nb201', arch_str: '' } }
  await none.put(built)
  expect(none.localize(built)).toBe(built)
})
