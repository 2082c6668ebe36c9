import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordFile } from '@leti/pipe'
import { afterAll, expect, test } from 'vitest'
import { FinishedJobs } from './finished.js'
import { RESUME } from './resume.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lineOf = (job: string): string => `{"id":"a","note":"é","farm":{"job":"${job}"}}\n`

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

test('what was read at first is not read again; a line that was not whole is', async () => {
  const path = join(folder, 'first.ndjson')
  const [first, second] = [lineOf('j1'), lineOf('j2')]
  writeFileSync(path, first + second.slice(0, -1))
  const finished = new FinishedJobs(path)
  await finished.start((await RecordFile.at(path, [], RESUME)) as RecordFile)
  expect(['j1', 'j2', 'j3'].map((job) => finished.has(job))).toEqual([true, true, false])
  // If it read the first line again, it would not get past it.
  writeFileSync(path, '?'.repeat(Buffer.byteLength(first) - 1) + '\n' + second + lineOf('j3'))
  await finished.update()
  expect(['j1', 'j2', 'j3'].map((job) => finished.has(job))).toEqual([true, true, true])
})

test('a file of something else is refused', async () => {
  const path = join(folder, 'notes.txt')
  writeFileSync(path, 'buy milk\ncall mum\n')
  const file = (await RecordFile.at(path, [], RESUME)) as RecordFile
  await expect(new FinishedJobs(path).start(file)).rejects.toMatchObject({ code: 'usage' })
})
