import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Format } from '@leti/formats'
import type { LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { KeptModels } from './kept-models.js'
import type { ModelMaker } from './maker.js'

const NEVER = new AbortController().signal

/** Makes files of ten bytes; of the network `wrong`, only at the second time. */
function synthetic(mostBytes?: number) {
  const made: string[] = []
  const maker = {
    write: ({ id, model }: LetiRecord, format: Format, folder: string) => {
      made.push(`${id}.${format}`)
      if (model?.format === format) return Promise.resolve(model)
      if (made.filter((name) => name.startsWith('wrong')).length === 1)
        return Promise.reject(new Error('no memory'))
      const path = join(folder, `${id}.${format}`)
      writeFileSync(path, '0123456789')
      return Promise.resolve({ format, path, bytes: 10 })
    },
  } as unknown as ModelMaker
  const models = new KeptModels(maker, ['tfjs'], mostBytes)
  /** Asks for the files of a network, and gives it back. */
  const visit = async (record: LetiRecord): Promise<string[]> => {
    const model = models.take(record)
    const formats: Format[] = ['tflite', 'tfjs']
    const paths = await Promise.allSettled(formats.map((format) => model.file(format, NEVER)))
    await models.giveBack(model)
    return paths.flatMap((path) => (path.status === 'fulfilled' ? path.value : []))
  }
  return { made, models, visit }
}

test('the files that each visit needs are made once, and removed with their model', async () => {
  const { made, models, visit } = synthetic()
  const [reference, first] = await visit({ id: 'a' })
  expect([existsSync(reference), existsSync(first)]).toEqual([false, true])
  expect((await visit({ id: 'a' }))[1]).toBe(first)
  // The two of a visit are made at once, in any order.
  expect(made.toSorted()).toEqual(['a.tfjs', 'a.tflite', 'a.tflite'])
  await models.take({ id: 'a' }).remove()
  expect(existsSync(first)).toBe(false)
})

test('as many are kept as there is room for', async () => {
  const { made, models, visit } = synthetic(25)
  for (const id of ['a', 'b', 'c']) await visit({ id })
  made.length = 0
  for (const id of ['c', 'b', 'a']) await models.take({ id }).file('tfjs', NEVER)
  expect(made).toEqual(['c.tfjs'])
  // What was taken makes room.
  await visit({ id: 'd' })
  made.length = 0
  await models.take({ id: 'd' }).file('tfjs', NEVER)
  expect(made).toEqual([])
})

test('what failed is tried again, and the files of a user are checked at each visit', async () => {
  const { made, visit } = synthetic()
  await visit({ id: 'wrong' })
  expect(await visit({ id: 'wrong' })).toHaveLength(2)
  const given = { id: 'given', model: { format: 'tfjs', path: 'mine.json', bytes: 10 } }
  for (let pass = 0; pass < 2; pass++) await visit(given)
  expect(made.filter((name) => name === 'given.tfjs')).toHaveLength(2)
})

test('another network of the same name has files of its own', async () => {
  const { visit } = synthetic()
  const [, first] = await visit({ id: 'a', arch: { space: 'x', depth: 1 } })
  const [, second] = await visit({ id: 'a', arch: { space: 'x', depth: 2 } })
  expect(second).not.toBe(first)
})
