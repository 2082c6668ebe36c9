import type { Io } from '@leti/pipe'
import type { LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { writeCsv } from './csv.js'

const ZOO = { space: 'zoo', name: 'alexnet' }
const NB101 = {
  space: 'nb101',
  module_adjacency: [
    [0, 1],
    [0, 0],
  ],
  module_operations: ['input', 'output'],
}

/** The lines of the table of these records, and the messages of those that have no row. */
async function tableOf(records: readonly LetiRecord[]) {
  const lines: string[] = []
  const refused: string[] = []
  const io = {
    async *records() {
      for (const record of records) yield await Promise.resolve({ record })
    },
    writeLine: async (line: string) => Promise.resolve(void lines.push(line)),
    caught: (_place: string, { message }: Error) => refused.push(message),
  }
  const options = { sets: ['proxies', 'cell'], kernels: false, fusion: undefined } as const
  await writeCsv(io as unknown as Io, [], options)
  return { lines, refused }
}

test('a record with other columns than the first has no row', async () => {
  const { lines, refused } = await tableOf([
    { id: 'a', arch: NB101 },
    { id: 'b', arch: ZOO },
    { id: 'c', arch: NB101 },
  ])
  const widths = lines.map((line) => line.split(',').length)
  expect(new Set(widths).size).toBe(1)
  expect(lines.map((line) => line.split(',')[0])).toEqual(['id', 'a', 'c'])
  expect(refused).toEqual([
    'other columns than the first row: "cell_vertices" is missing; write one table for each search space',
  ])
  const other = await tableOf([
    { id: 'b', arch: ZOO },
    { id: 'a', arch: NB101 },
  ])
  expect(other.lines).toHaveLength(2)
  expect(other.refused[0]).toContain('"cell_vertices" is not in the header')
})

test('a record without an architecture has no row; the next one has the header before it', async () => {
  const { lines, refused } = await tableOf([{ id: 'a' }, { id: 'b', arch: ZOO }])
  expect(refused).toEqual([expect.stringContaining('no "arch"')])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^id,device,backend,latency_ms,macs,/)
})

test('no cell is a formula', async () => {
  const { lines } = await tableOf(
    ['=1+1', '+1', '-1', '@a', '\t=1', '\r=1', 'a,=1'].map((device) => ({
      id: 'a',
      arch: ZOO,
      measurement: { device, backend: 'cpu', latency_ms: { median: 1 } },
    })),
  )
  const cells = lines.slice(1).map((line) => /^a,(.*),cpu,1,/s.exec(line)?.[1])
  expect(cells).toEqual(["'=1+1", "'+1", "'-1", "'@a", "'\t=1", `"'\r=1"`, '"a,=1"'])
})
