import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { FinishedJobs } from './finished.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lineOf = (job: string): string => `{"id":"é","farm":{"job":"${job}"}}\n`

test('a file that does not exist yet, and none, have no jobs', async () => {
  for (const path of [undefined, join(folder, 'none')]) {
    const finished = new FinishedJobs(path)
    await finished.update()
    expect(finished.has('j1')).toBe(false)
  }
})

test('a job is finished when its whole line is in the file, also if that comes later', async () => {
  const path = join(folder, 'out.ndjson')
  const finished = new FinishedJobs(path)
  const add = async (bytes: Buffer) => {
    appendFileSync(path, bytes)
    await finished.update()
    return ['j1', 'j2', 'j3'].filter((job) => finished.has(job))
  }
  const third = Buffer.from(lineOf('j3'))
  expect(await add(Buffer.from('{"id":"of another tool"}\n\n' + lineOf('j1')))).toEqual(['j1'])
  // A kill may cut a letter of several bytes.
  const cut = third.indexOf('é') + 1
  const some = Buffer.concat([Buffer.from(lineOf('j2')), third.subarray(0, cut)])
  expect(await add(some)).toEqual(['j1', 'j2'])
  expect(await add(third.subarray(cut, -1))).toEqual(['j1', 'j2'])
  expect(await add(third.subarray(-1))).toEqual(['j1', 'j2', 'j3'])
})
