import { LetiError, messageOf } from '@leti/records'
import { expect, test } from 'vitest'
import type { Io } from '@leti/pipe'
import { readAccuracies } from './read-accuracies.js'

const HASH = '00005c142e6f48ac74fdcf73e3439874'

/** Reads the text of a file of accuracies; `said` are the complaints. */
async function read(text: string) {
  const said: string[] = []
  const io = {
    signal: new AbortController().signal,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *lines() {
      for (const [i, line] of text.split('\n').entries())
        yield { text: line, place: `acc:${i + 1}` }
    },
    caught: (place: string, error: unknown) => said.push(`${place}: ${messageOf(error)}`),
  } as unknown as Io
  const table = await readAccuracies('acc', io)
  return { table, said }
}

test('records, with a number or what nb101-accuracy adds', async () => {
  const { table, said } = await read(
    `{"id":"nb101-${HASH}","accuracy":{"validation":0.93,"test":0.92}}\n{"id":"zoo-vgg16-224","accuracy":0.7}`,
  )
  expect(said).toEqual([])
  expect(table.of(`nb101-${HASH}`)).toBe(0.93)
  expect(table.of('zoo-vgg16-224')).toBe(0.7)
  expect(table.of('zoo-vgg19-224')).toBeUndefined()
})

test('CSV with and without a header, by id, hash or the string of NAS-Bench-201', async () => {
  const plain = await read(`${HASH}, 91.5\nnb201-043110,60`)
  expect(plain.table.of(`nb101-${HASH}`)).toBe(91.5)
  expect(plain.table.of('nb201-043110')).toBe(60)
  const named = await read(
    `\uFEFFepochs,Accuracy,"arch_str"\n12,71.25,|none~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|skip_connect~0|skip_connect~1|none~2|`,
  )
  expect(named.said).toEqual([])
  expect(named.table.of('nb201-043110')).toBe(71.25)
})

test('a cell in another configuration has the accuracy of its hash, unless it has one of its own', async () => {
  const { table } = await read(`${HASH},0.9\nnb101-${HASH}-f16,0.8`)
  expect(table.of(`nb101-${HASH}-f32`)).toBe(0.9)
  expect(table.of(`nb101-${HASH}-f16`)).toBe(0.8)
})

test('other lines are reported with their place, and the rest is read', async () => {
  const { table, said } = await read(
    `id,accuracy\na,1\nb,high\nc,\na,2\na,1\n{"id":"d"}\n{"id":\n{"accuracy":1}\ne,0`,
  )
  expect(said).toEqual([
    'acc:3: a row must be an id and a number: id,accuracy',
    'acc:4: a row must be an id and a number: id,accuracy',
    'acc:5: "a" has another accuracy above',
    'acc:7: "accuracy" must be a number, or an object with "validation"',
    expect.stringMatching(/^acc:8: not JSON: /),
    'acc:9: "id" or "hash" must be a string',
  ])
  expect([table.of('a'), table.of('e')]).toEqual([1, 0])
})

test('a string that is no cell of NAS-Bench-201 is reported, and not kept as a name', async () => {
  const { table, said } = await read('|none~0|,0.5\nnb201-000000,0.6')
  expect(said).toEqual([expect.stringMatching(/^acc:1: no cell of NAS-Bench-201: /)])
  expect(table.example).toBe('nb201-000000')
})

test('a file without any accuracy is refused', async () => {
  await expect(read('id,accuracy\n')).rejects.toThrow(LetiError)
})
