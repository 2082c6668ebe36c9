import { afterEach, expect, test, vi } from 'vitest'
import { Repeats } from './repeats.js'

const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
afterEach(() => write.mockClear())

function lines(): string[] {
  return write.mock.calls.map(([text]) => String(text).trimEnd())
}

test('messages that differ in names and numbers are of one kind', () => {
  const repeats = new Repeats(false)
  for (let number = 1; number <= 1000; number++) {
    const message = `feature "f${number}" is ${number / 7}, not 'a${number}'`
    repeats.say(`stdin:${number}: ${message}`, message)
  }
  repeats.say('stdin:1001: it is late', 'it is late')
  repeats.sayCounts('predict')
  expect(lines()).toHaveLength(5)
  expect(lines().slice(3)).toEqual([
    'stdin:1001: it is late',
    `predict: 1000 messages of this kind, 3 shown (--verbose shows all): stdin:1: feature "f1" is ${1 / 7}, not 'a1'`,
  ])
})

test('three of a kind are not counted', () => {
  const repeats = new Repeats(false)
  for (let number = 1; number <= 3; number++) repeats.say(`stdin:${number}: late`, 'late')
  repeats.sayCounts('predict')
  expect(lines()).toEqual(['stdin:1: late', 'stdin:2: late', 'stdin:3: late'])
})

test('--verbose shows all', () => {
  const repeats = new Repeats(true)
  for (let number = 1; number <= 10; number++) repeats.say(`stdin:${number}: late`, 'late')
  repeats.sayCounts('predict')
  expect(lines()).toHaveLength(10)
})

test('the number of kinds is bounded', () => {
  const repeats = new Repeats(false)
  const word = (number: number): string =>
    number.toString(36).replace(/\d/g, (digit) => 'klmnopqrst'[+digit])
  for (let number = 0; number < 5000; number++) repeats.say(word(number), `it is ${word(number)}`)
  repeats.sayCounts('predict')
  expect(lines().length).toBeLessThanOrEqual(101 * 4)
  expect(lines().at(-1)).toMatch(/^predict: \d+ messages of other kinds, 3 shown/)
})
