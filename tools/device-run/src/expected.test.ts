import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { expectNetworks } from './expected.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function expected(visits: number, isBrought: boolean, ...files: string[]) {
  const device = { isBrought, progress: { measured: 0, expected: undefined as number | undefined } }
  await expectNetworks([device], files, visits)
  return device.progress.expected
}

test('lines of files are counted, for a device that a person holds', async () => {
  const [one, two, none] = ['one', 'two', 'none'].map((name) => join(folder, name))
  writeFileSync(one, '{}\n')
  writeFileSync(two, '{}\n{}')
  writeFileSync(none, '')
  expect(await expected(2, true, one, two, none)).toBe(6)
  expect(await expected(1, false, one)).toBeUndefined()
})

test('how long a stream is, is not known', async () => {
  expect(await expected(1, true)).toBeUndefined()
  expect(await expected(1, true, '-')).toBeUndefined()
  expect(await expected(1, true, join(folder, 'missing'))).toBeUndefined()
})
