import { describe, expect, it, test } from 'vitest'
import { foldsOf, usualFolds } from './folds.js'
import { synthetic } from './synthetic.fixture.js'

const samples = synthetic(23, 0)

describe('foldsOf', () => {
  it('holds each sample out once, in folds of nearly equal size', () => {
    const folds = foldsOf(samples, 5, 0)
    const heldOut = folds.flatMap((fold) => fold.heldOut).sort((a, b) => a - b)
    expect(heldOut).toEqual(samples.map((_, index) => index))
    expect(folds.map((fold) => fold.heldOut.length).sort()).toEqual([4, 4, 5, 5, 5])
  })

  it('trains on all samples that it does not hold out', () => {
    for (const { training, heldOut } of foldsOf(samples, 5, 0)) {
      const others = samples.filter((_, index) => !heldOut.includes(index))
      expect(training).toEqual(others)
    }
  })

  it('holds out all measurements of a network together', () => {
    const twice = [...samples, ...samples]
    for (const { training, heldOut } of foldsOf(twice, 5, 3)) {
      const trained = new Set(training.map(({ id }) => id))
      expect(heldOut.filter((index) => trained.has(twice[index].id))).toEqual([])
    }
  })

  it('depends on the seed alone', () => {
    const assigned = (seed: number) => foldsOf(samples, 5, seed).map((fold) => fold.heldOut)
    expect(assigned(1)).toEqual(assigned(1))
    expect(assigned(1)).not.toEqual(assigned(2))
  })

  it('makes no more folds than there are networks', () => {
    expect(foldsOf([...samples, ...samples], 100, 0)).toHaveLength(23)
  })
})

test('thousands of networks need fewer folds', () => {
  expect([5, 1000, 1001, 15_000].map(usualFolds)).toEqual([10, 10, 5, 3])
})
