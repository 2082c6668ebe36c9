import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LetiError, type LetiRecord } from '@leti/records'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eachRecord, eachRecordAdding, useRecords } from './each-record.js'
import { Io } from './io.js'
import { Stop } from './stop.js'

const file = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'records.ndjson')
let written = ''
let said = ''

beforeEach(() => {
  written = said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text: unknown, ...rest: unknown[]) => {
    written += String(text)
    const [done] = rest as [() => void]
    done()
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

function openIo(lines: readonly string[], options = {}): Io {
  writeFileSync(file, lines.join('\n'))
  return new Io(
    { tool: 'leti count', name: 'count', quiet: false, strict: false, verbose: false, ...options },
    new Stop(),
  )
}

function output(): LetiRecord[] {
  return written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LetiRecord)
}

const GOOD = ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}']
const thrown: [string, unknown, string, string][] = [
  ['LETI', new LetiError('unsupported', 'too new'), 'unsupported', 'too new'],
  ['a bug', new TypeError('x is undefined'), 'internal', 'internal error: x is undefined'],
  [
    'the stack',
    new RangeError('Maximum call stack size exceeded'),
    'internal',
    'internal error: Max',
  ],
  [
    'the system',
    Object.assign(new Error('ENOSPC: no space'), { syscall: 'write' }),
    'system',
    'ENOSPC',
  ],
  ['no error at all', 'nonsense', 'internal', 'internal error: nonsense'],
]

test.each(thrown)('an error of %s is the error of its record', async (_, error, code, message) => {
  const fail = ({ id }: LetiRecord): LetiRecord => {
    if (id === 'b') throw error
    return { id, mine: 1 }
  }
  const expected = {
    id: 'b',
    error: { tool: 'count', code, message: expect.stringContaining(message) as string },
  }
  const io = openIo(GOOD)
  await eachRecord(io, [file], fail)
  await eachRecordAdding(io, [file], 'mine', fail)
  await useRecords(io, [file], (record) => void fail(record))
  await io.end()
  const records = output()
  expect(records).toHaveLength(6)
  expect(records[1]).toEqual(expected)
  expect(records[4]).toEqual(expected)
  expect(io.failed).toBe(true)
  expect(said.match(/records\.ndjson:2: /g)).toHaveLength(3)
  expect(said).not.toContain('each-record.test')
})

test('a value that cannot be written is the error of its record', async () => {
  const circular: { id: string; self?: object } = { id: 'a' }
  circular.self = circular
  const io = openIo(['{"id":"a","mine":1}'])
  await eachRecord(io, [file], () => circular)
  await io.end()
  expect(output()).toMatchObject([{ id: 'a', mine: 1, error: { code: 'internal' } }])
})

test('wrong usage ends the run', async () => {
  const fail = (): never => {
    throw new LetiError('usage', 'no such option')
  }
  await expect(eachRecord(openIo(GOOD), [file], fail)).rejects.toThrow('no such option')
  await expect(useRecords(openIo(GOOD), [file], fail)).rejects.toThrow('no such option')
})

test('--strict ends the run at the first error', async () => {
  const fail = (): never => {
    throw new TypeError('x is undefined')
  }
  const io = openIo(GOOD, { strict: true })
  await expect(eachRecord(io, [file], fail)).rejects.toThrow(':1: internal error: x')
})

test('--verbose prints the trace of a bug', async () => {
  const io = openIo(GOOD, { verbose: true })
  await useRecords(io, [file], () => {
    throw new TypeError('x is undefined')
  })
  expect(said).toContain('each-record.test')
})

test('a record that is not valid goes on with an error, if it has an id', async () => {
  const lines = [
    '{"id":"a","features":{"macs":"many"},"mine":[1]}',
    '{"id":"a/b","mine":[1]}',
    '[1]',
    '{"id":"a","error":7}',
  ]
  const io = openIo(lines)
  await eachRecord(io, [file], (record) => record)
  await io.end()
  expect(output()).toEqual([
    {
      id: 'a',
      features: { macs: 'many' },
      mine: [1],
      error: {
        tool: 'count',
        code: 'bad-input',
        message: '"features.macs" must be a finite number',
      },
    },
    { id: 'a', error: { tool: 'count', code: 'bad-input', message: '"error" must be an object' } },
  ])
  expect(said).toMatch(/:1: .*\n.*:2: .*\n.*:3: .*\n.*:4: /)
})

test('a record with an error passes unchanged, whatever it holds', async () => {
  const lines = [
    '{"id":"a", "error":{},"features":[], "mine":1.0}',
    `{"id":"b","error":{},"mine":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ]
  const io = openIo(lines)
  await eachRecord(io, [file], () => {
    throw new Error('it is not passed')
  })
  await io.end()
  expect(written === lines.join('\n') + '\n').toBe(true)
  expect(said).toBe('')
})

test.each([101, 5000, 1_000_000])('%d nested brackets cost only their record', async (depth) => {
  const nested = '['.repeat(depth) + ']'.repeat(depth)
  const io = openIo([
    GOOD[0],
    `{"id":"deep","mine":${nested}}`,
    `{"id":"deep","arch":{"space":"s","x":${nested}}}`,
    GOOD[1],
  ])
  await eachRecord(io, [file], (record) => record)
  await io.end()
  expect(output().map(({ id, error }) => [id, error?.code])).toEqual([
    ['a', undefined],
    ['deep', 'bad-input'],
    ['deep', 'bad-input'],
    ['b', undefined],
  ])
})

test('what could steer a terminal reaches no person', async () => {
  const io = openIo(['{"id":"a","mine":1}', '\u001b[31m{', '{"id":"\u202e"}'])
  await useRecords(io, [file], () => {
    throw new LetiError('unsupported', 'no "\u009b31m\nstdin:1: forged"')
  })
  io.warn('\u0007')
  await io.print('two\nlines\u007f')
  expect(said).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
  expect(said).toContain('no "\\u009b31m\\nstdin:1: forged"')
  expect(said).toContain('two\nlines\\u007f\n')
})

test('a slow reader of stderr costs no memory', async () => {
  const held = vi.spyOn(process.stderr, 'writableLength', 'get').mockReturnValue(2 << 20)
  const io = openIo(Array<string>(1000).fill('nonsense'), { verbose: true })
  await useRecords(io, [file], () => undefined)
  expect(said).toBe('')
  held.mockReturnValue(0)
  process.stderr.emit('drain')
  expect(said).toBe('(1000 more lines: the reader of stderr was too slow for them)\n')
})
