import { readFileSync } from 'node:fs'
import { Builder } from 'flatbuffers'
import { describe, expect, test } from 'vitest'
import {
  cutShort,
  NO_MODELS,
  outcomeOf,
  outcomesOf,
  withBytesChanged,
} from '../../damage.fixture.js'
import { readTflite } from './read.js'
import { mediapipeFile } from '../../mediapipe.fixture.js'
import { addTable, ints, offsets } from '../write/tables.js'

/** A real file, and the number of bytes at its end that hold the tables, after the weights. */
const FILES = [
  { model: 'face_detection_short_range', tables: 23_600, trials: { 1: 100, 3: 200, 30: 200 } },
  // Its weights are sparse, which exercises more of the reader.
  { model: 'face_detection_full_range_sparse', tables: 299_000, trials: { 1: 10, 3: 20, 30: 20 } },
]

const readOutcome = (bytes: Uint8Array): Promise<string> =>
  outcomeOf(() => readTflite(bytes, 'damaged'))

describe.each(FILES)('$model', ({ model, tables, trials }) => {
  const file = new Uint8Array(readFileSync(mediapipeFile('face_detection', model)))

  test('is bad-model if truncated', async () => {
    const count = 2 * trials[3]
    const outcomes = await outcomesOf(count, 1, (below, trial) =>
      readOutcome(cutShort(file, below, trial, count)),
    )
    expect([...outcomes]).toEqual(['bad-model'])
  })

  test.each([1, 3, 30] as const)(
    'with %i bytes of its tables changed is read or refused',
    async (changes) => {
      const outcomes = await outcomesOf(trials[changes], changes, (below) => {
        const inTables = (): number => file.length - 1 - below(tables)
        return readOutcome(withBytesChanged(file, changes, below, inTables))
      })
      // The changes have an effect.
      expect(outcomes).toContain('bad-model')
    },
  )
})

test.each([...NO_MODELS, ['a file identifier alone', new TextEncoder().encode('\0\0\0\0TFL3')]])(
  '%s is bad-model',
  async (_name, bytes) => {
    expect(await readOutcome(bytes)).toBe('bad-model')
  },
)

describe('a small file that expands to a large network', () => {
  /** A model with these tensors, and `codes` operator codes that share one table. */
  function model(codes: number, ...tensors: ((builder: Builder) => number)[]): Uint8Array {
    const builder = new Builder()
    const code = addTable(builder, [{ kind: 'byte', value: 3 }])
    const empty = addTable(builder, [])
    builder.startVector(1, 2, 1)
    builder.addInt16(0x3c00)
    const bytes = builder.endVector()
    const data = addTable(builder, [{ kind: 'offset', value: bytes }])
    const subgraph = addTable(builder, [
      offsets(
        builder,
        tensors.map((tensor) => tensor(builder)),
      ),
      ints(builder, []),
      ints(builder, [0]),
      offsets(builder, []),
    ])
    const root = addTable(builder, [
      { kind: 'int', value: 3 },
      offsets(builder, new Array<number>(codes).fill(code)),
      offsets(builder, [subgraph]),
      undefined,
      offsets(builder, [empty, data]),
    ])
    builder.finish(root, 'TFL3')
    return builder.asUint8Array()
  }

  /** A constant in half precision, sparse if a sparsity is given. */
  const constant =
    (shape: number[], sparsity?: (builder: Builder) => number) =>
    (builder: Builder): number =>
      addTable(builder, [
        ints(builder, shape),
        { kind: 'byte', value: 1 },
        { kind: 'int', value: 1 },
        undefined,
        undefined,
        undefined,
        sparsity && { kind: 'offset', value: sparsity(builder) },
      ])

  const dense = (builder: Builder): number =>
    addTable(builder, [
      ints(builder, [0, 1]),
      ints(builder, []),
      offsets(
        builder,
        [1, 2].map(() => addTable(builder, [undefined, { kind: 'int', value: 2 ** 15 }])),
      ),
    ])

  /** Compressed dimensions that share one table, with the same bytes as indices. */
  const compressed =
    (levels: number) =>
    (builder: Builder): number => {
      const bytes = addTable(builder, [
        { kind: 'offset', value: builder.createByteVector(new Uint8Array(2 ** 20)) },
      ])
      const level = addTable(builder, [
        { kind: 'byte', value: 1 },
        undefined,
        { kind: 'byte', value: 3 },
        { kind: 'offset', value: bytes },
        { kind: 'byte', value: 3 },
        { kind: 'offset', value: bytes },
      ])
      return addTable(builder, [
        ints(builder, new Array<number>(levels).fill(0)),
        ints(builder, [0]),
        offsets(builder, new Array<number>(levels).fill(level)),
      ])
    }

  test('many tensors that share their bytes are read', async () => {
    let tensor: number | undefined
    const once = (builder: Builder): number => (tensor ??= constant([1], compressed(2))(builder))
    // Copies of the numbers would take gigabytes.
    const file = model(1, ...new Array<typeof once>(500).fill(once))
    expect(file.length).toBeLessThan(2 ** 21)
    expect(await readOutcome(file)).toBe('none')
  })

  test('is read without such an expansion', async () => {
    expect(await readOutcome(model(1, constant([1])))).toBe('none')
  })

  test.each([
    ['tables without end', model(2 ** 20, constant([1]))],
    ['a tensor larger than its data', model(1, constant([2 ** 15, 2 ** 15]))],
    ['a large sparse tensor without numbers', model(1, constant([2 ** 15, 2 ** 15], dense))],
    ['more levels than there can be', model(1, constant([1], compressed(2 ** 13)))],
    ['more dimensions than there are', model(1, constant(new Array<number>(64).fill(2 ** 30)))],
  ])('%s', async (_name, bytes) => {
    expect(await readOutcome(bytes)).toBe('bad-model')
  })
})
