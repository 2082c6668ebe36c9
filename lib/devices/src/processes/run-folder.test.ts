import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { identityOf } from '@leti/records/files'
import { runFolder, temporaryFolder } from './run-folder.js'

const parent = mkdtempSync(join(tmpdir(), 'leti-test-'))
const running = identityOf(process.ppid) ?? ''
let ended: string

beforeAll(async () => {
  vi.stubEnv('TMPDIR', parent)
  const child = spawn('sleep', ['1000'])
  ended = identityOf(child.pid as number) ?? ''
  child.kill('SIGKILL')
  await once(child, 'exit')
})

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(parent, { recursive: true })
})

/** A folder that a run has left, with a file in it. */
function leftBy(name: string): string {
  const path = join(parent, name)
  mkdirSync(join(path, 'model'), { recursive: true })
  writeFileSync(join(path, 'model/weights.bin'), 'weights')
  return path
}

test('the first temporary folder removes what ended runs have left, and nothing else', async () => {
  expect(running && ended).toMatch(/^[0-9a-f]{5}-/)
  const left = leftBy(`leti-${ended}-abcdef`)
  const kept = [
    leftBy(`leti-${running}-abcdef`),
    // Of another computer, which shares the folder.
    leftBy(`leti-00000${ended.slice(5)}-abcdef`),
    leftBy(`leti-${ended}`),
    leftBy('leti-abcdef'),
    leftBy('notes'),
  ]
  symlinkSync(kept[4], join(parent, `leti-${ended}-link00`))
  const folder = await temporaryFolder()
  expect(existsSync(left)).toBe(false)
  for (const path of kept) expect(readdirSync(path)).toEqual(['model'])
  expect(folder.startsWith(await runFolder())).toBe(true)
  expect(await runFolder()).toContain(`leti-${identityOf(process.pid) ?? ''}-`)
})
