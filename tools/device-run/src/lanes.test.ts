import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { toEach, toFirst } from './lanes.js'

/** Counts up and records the last number. */
async function* numbers(count: number, made: { last: number }): AsyncGenerator<number> {
  for (let number = 1; number <= count; number++) {
    await delay(0)
    yield (made.last = number)
  }
}

async function read(items: AsyncIterable<number>, seen: number[]): Promise<void> {
  for await (const item of items) seen.push(item)
}

test('every reader gets every item, in order', async () => {
  const [a, b]: number[][] = [[], []]
  await toEach(numbers(100, { last: 0 }), [(items) => read(items, a), (items) => read(items, b)])
  expect(a).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(b).toEqual(a)
})

test('shared items go each to one reader, more to a fast one', async () => {
  const seen: number[][] = [[], []]
  const reader = (index: number, ms: number) => async (items: AsyncIterable<number>) => {
    for await (const item of items) {
      seen[index].push(item)
      await delay(ms)
    }
  }
  await toFirst(numbers(40, { last: 0 }), [reader(0, 0), reader(1, 200)])
  expect(seen.flat().toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
  expect(seen[0].length).toBeGreaterThan(seen[1].length)
})

test('what a reader gives back is read by another', async () => {
  const seen: number[] = []
  await toFirst(numbers(5, { last: 0 }), [
    async (items, giveBack) => {
      for await (const item of items) {
        giveBack(item)
        return
      }
    },
    async (items) => {
      for await (const item of items) {
        await delay(1)
        seen.push(item)
      }
    },
  ])
  expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5])
})

test('the last item that a reader gives back is for one that had no more to do', async () => {
  const seen: number[] = []
  await toFirst(numbers(2, { last: 0 }), [
    async (items, giveBack) => {
      for await (const item of items) {
        await delay(20)
        giveBack(item)
        return
      }
    },
    (items) => read(items, seen),
  ])
  expect(seen.toSorted()).toEqual([1, 2])
})

test('a fast reader gets ahead of a slow one, but only so far', async () => {
  const made = { last: 0 }
  const fast: number[] = []
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const done = toEach(numbers(1000, made), [
    (items) => read(items, fast),
    async (items) => {
      await held
      await read(items, [])
    },
  ])
  await vi.waitFor(() => expect(fast.length).toBeGreaterThan(10), { timeout: 10_000 })
  await delay(100)
  expect(made.last).toBeLessThan(100)
  release()
  await done
  expect(fast).toHaveLength(1000)
})

test('an error of the source is thrown after the items before it are read', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield* numbers(3, { last: 0 })
    throw new Error('line 4')
  }
  const seen: number[] = []
  await expect(toEach(failing(), [(items) => read(items, seen)])).rejects.toThrow('line 4')
  expect(seen).toEqual([1, 2, 3])
})

test('a reader that fails ends the others', async () => {
  const failure = new Error('enough')
  await expect(
    toEach(numbers(1000, { last: 0 }), [() => Promise.reject(failure), () => Promise.resolve()]),
  ).rejects.toBe(failure)
})
