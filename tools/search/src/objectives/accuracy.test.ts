import { expect, test } from 'vitest'
import { Accuracies } from './accuracies.js'
import { accuracyObjective } from './accuracy.js'

function tableOf(...names: string[]) {
  const accuracies = new Accuracies()
  for (const name of names) accuracies.add(name, 0.9)
  return accuracyObjective({ file: 'acc.csv', accuracies })
}

const looked = { count: 3, unknown: 1 }

test('ids that match no network, and networks without an accuracy, are counted', () => {
  const objective = tableOf('a', 'b', 'x', 'y')
  expect(['a', 'b', 'a', 'c'].map((id) => objective.knows?.({ id }))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(objective.summary?.({ ...looked, isAll: true })).toBe(
    '--accuracy acc.csv: 2 of its 4 ids match no network; 1 of 3 networks have no accuracy and are left out',
  )
  // A sample of the space says nothing of the ids that it did not meet.
  expect(objective.summary?.({ ...looked, isAll: false })).toBe(
    '--accuracy acc.csv: 1 of 3 networks have no accuracy and are left out',
  )
  expect(objective.whyNone?.()).toBeUndefined()
})

test('nothing is said if all match', () => {
  const objective = tableOf('a')
  objective.knows?.({ id: 'a' })
  expect(objective.summary?.({ count: 1, unknown: 0, isAll: true })).toBeUndefined()
})

test('names both kinds of ids if none matches', () => {
  const objective = tableOf('cell 1')
  objective.knows?.({ id: 'nb201-000000' })
  expect(objective.whyNone?.()).toBe(
    '--accuracy names networks such as "cell 1", and none such as "nb201-000000"',
  )
})
