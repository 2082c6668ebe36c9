import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '@leti/pipe'
import { messageOf } from '@leti/records'
import type { Cells } from '@leti/spaces'
import { afterAll, expect, test } from 'vitest'
import { accuracyOf } from './accuracy.js'
import { benchmarkFile, tfRecord, type GivenTraining } from './benchmark.fixture.js'
import { buildTable } from './build.js'
import { crc32c } from './crc32c.js'
import { readIndexOf, writeIndexOf } from './index-file.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-accuracy-'))
afterAll(() => rmSync(folder, { recursive: true }))

const HASHES = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32))
const cells = {
  find: (hash: string) => (HASHES.includes(hash) ? HASHES.indexOf(hash) : undefined),
} as unknown as Cells

const TRAININGS: readonly GivenTraining[] = HASHES.slice(0, 3).map((hash, i) => ({
  hash,
  end: [100 + i, 1, 0.875 + i / 64, 0.75],
}))
const BYTES = benchmarkFile(TRAININGS)
const RECORD_BYTES = BYTES.length / 3

/** The table of a file, and what was said about it. */
async function build(bytes: Buffer) {
  const path = join(folder, 'data.tfrecord')
  writeFileSync(path, bytes)
  const said: string[] = []
  const io = {
    signal: new AbortController().signal,
    fail: (place: string, message: string) => said.push(`${place}: ${message}`),
    caught: (place: string, error: unknown) => said.push(`${place}: ${messageOf(error)}`),
  } as unknown as Io
  const built = await buildTable(path, cells, io)
  const validation = HASHES.map((_, cell) => accuracyOf(built.table, cell, false)?.validation)
  return { ...built, path, said: said.map((line) => line.replace(path, 'FILE')), validation }
}

test('the checksum is that of RFC 3720, B.4', () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
  expect(crc32c(Buffer.from([...Array(32).keys()]))).toBe(0x46dd794e)
})

test('a whole file', async () => {
  const { whole, said, validation } = await build(BYTES)
  expect({ whole, said }).toEqual({ whole: true, said: [] })
  expect(validation).toEqual([0.875, 0.890625, 0.90625, undefined])
})

test('a cell has the means of its longest trainings, and each training', async () => {
  const hash = HASHES[0]
  const { table } = await build(
    benchmarkFile([
      { hash, epochs: 12, end: [10, 0.5, 0.25, 0.125] },
      { hash, end: [100, 1, 0.5, 0.75], halfWay: [50, 0.25, 0.125, 0.0625] },
      { hash, end: [102, 1, 1, 0.25], parameters: 42 },
    ]),
  )
  const runs = [
    { epochs: 108, train: 1, validation: 0.5, test: 0.75, training_s: 100 },
    { epochs: 108, train: 1, validation: 1, test: 0.25, training_s: 102 },
    { epochs: 12, train: 0.5, validation: 0.25, test: 0.125, training_s: 10 },
  ]
  const means = { train: 1, validation: 0.75, test: 0.5, training_s: 101, epochs: 108 }
  expect(accuracyOf(table, 0, false)).toEqual({ ...means, parameters: 42, runs })
  expect(accuracyOf(table, 0, true)?.runs[0]).toEqual({
    ...runs[0],
    half_way: { train: 0.25, validation: 0.125, test: 0.0625, training_s: 50 },
  })
})

test.each([1, 11, 12, 200, RECORD_BYTES - 1])(
  'of a file cut short %i bytes into a record, the records before stay',
  async (extra) => {
    const { whole, said, validation } = await build(BYTES.subarray(0, 2 * RECORD_BYTES + extra))
    expect(whole).toBe(false)
    expect(said).toEqual([
      `FILE: byte ${2 * RECORD_BYTES}: the file is cut short within this record`,
    ])
    expect(validation).toEqual([0.875, 0.890625, undefined, undefined])
  },
)

test('a record with damaged data is left out, and those after it are read', async () => {
  const bytes = Buffer.from(BYTES)
  bytes[RECORD_BYTES + 100] ^= 4
  const { whole, said, validation } = await build(bytes)
  expect(whole).toBe(false)
  expect(said).toEqual([
    `FILE: byte ${RECORD_BYTES}: the checksum of this record is wrong; it is left out`,
  ])
  expect(validation).toEqual([0.875, undefined, 0.90625, undefined])
})

test('after a damaged length nothing can be read, and what was read stays', async () => {
  const bytes = Buffer.from(BYTES)
  bytes[RECORD_BYTES] ^= 1
  const { said, validation } = await build(bytes)
  expect(said).toEqual([
    `FILE: byte ${RECORD_BYTES}: the length of this record is damaged; the rest is not read`,
  ])
  expect(validation).toEqual([0.875, undefined, undefined, undefined])
})

test.each([
  [
    benchmarkFile([{ hash: 'e'.repeat(32), end: [1, 1, 1, 1] }]),
    `the hash ${'e'.repeat(32)} is that of no cell`,
  ],
  [
    benchmarkFile(Array<GivenTraining>(4).fill(TRAININGS[0])).subarray(),
    'has three trainings of 108 epochs already',
  ],
  [benchmarkFile([{ ...TRAININGS[0], epochs: 7 }]), 'its number of epochs is not 4, 12, 36, 108'],
  [
    benchmarkFile([{ ...TRAININGS[0], end: [1, NaN, 1, 1] }]),
    'its metrics are not three evaluations',
  ],
  [tfRecord('{"hash":1}'), 'it is no JSON array'],
  [tfRecord('["'), 'it is no JSON: '],
  [tfRecord(JSON.stringify([HASHES[0], 108, '', '', 'CoD/////'])), 'its metrics are damaged: '],
])('a record that is none of the benchmark is named by its offset', async (bytes, message) => {
  const { said, validation } = await build(Buffer.concat([BYTES, bytes]))
  expect(said).toHaveLength(bytes.length > 3 * RECORD_BYTES ? 2 : 1)
  expect(said[0]).toMatch(/^FILE: byte \d+: .*; it is left out$/)
  expect(said[0]).toContain(message)
  expect(validation).toEqual([0.875, 0.890625, 0.90625, undefined])
})

test.each([
  [
    'another file',
    Buffer.from('id,accuracy\nx,1\n'.repeat(9)),
    /is no TFRecord file of NAS-Bench-101: byte 0: the length/,
  ],
  ['an empty file', Buffer.alloc(0), /holds no training of a cell/],
  ['records of something else', tfRecord('[]'), /holds no training of a cell/],
])('%s is refused', async (_, bytes, message) => {
  await expect(build(bytes)).rejects.toThrow(message)
})

test('the index gives the same table, unless it is damaged or the file is another one', async () => {
  const { table, path } = await build(BYTES)
  const index = join(folder, 'index')
  writeIndexOf(path, index, table)
  const again = readIndexOf(path, index)
  for (const cell of [0, 1, 2, 3]) {
    expect(again && accuracyOf(again, cell, true)).toEqual(accuracyOf(table, cell, true))
  }
  const damaged = join(folder, 'damaged')
  writeFileSync(damaged, readFileSync(index).subarray(0, -1))
  expect(readIndexOf(path, damaged)).toBeUndefined()
  writeFileSync(path, Buffer.concat([BYTES, BYTES]))
  expect(readIndexOf(path, index)).toBeUndefined()
  expect(readIndexOf(path, join(folder, 'no-such-index'))).toBeUndefined()
})
