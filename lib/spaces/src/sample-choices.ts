import { LetiError, type LetiRecord } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { SPACES } from './registry.js'
import { choiceRecord, type Choices } from './space.js'

/** Larger spaces are not enumerated. */
const MAX_ENUMERATED = 1_000_000

/**
 * Draws architectures uniformly, without replacement. A longer draw with the same seed begins with the
 * same architectures.
 *
 * @param name one of `CHOICE_SPACES`
 * @throws {LetiError} `usage` if the space has fewer architectures than `count`
 */
export function* drawArchitectures(
  name: string,
  count: number,
  seed: number,
): Generator<LetiRecord> {
  const choices = choicesOf(name)
  const size = sizeOf(choices)
  if (count > size) {
    throw new LetiError('usage', `cannot draw ${count} architectures: the space has only ${size}`)
  }
  const random = mersenne(seed)
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const chosen = drawChoices(choices, random)
    const key = chosen.join()
    if (drawn.has(key)) continue
    drawn.add(key)
    yield choiceRecord(SPACES[name], choices, chosen)
  }
}

/** Draws an option for each choice. */
export function drawChoices({ list }: Choices<unknown>, random: RandomGenerator): number[] {
  return list.map(({ options }) => uniformInt(random, 0, options.length - 1))
}

/**
 * All architectures; the last choice varies fastest.
 *
 * @param name one of `CHOICE_SPACES`
 * @throws {LetiError} `usage` if the space is too large to list
 */
export function* allArchitectures(name: string): Generator<LetiRecord> {
  const choices = choicesOf(name)
  const size = sizeOf(choices)
  if (size > MAX_ENUMERATED) {
    throw new LetiError('usage', `space "${name}" has ${size} architectures: too many to list`)
  }
  for (let number = 0; number < size; number++) {
    let rest = number
    const chosen = choices.list.toReversed().map(({ options }) => {
      const option = rest % options.length
      rest = Math.floor(rest / options.length)
      return option
    })
    yield choiceRecord(SPACES[name], choices, chosen.reverse())
  }
}

function choicesOf(name: string): Choices<unknown> {
  return SPACES[name].choices as Choices<unknown>
}

function sizeOf({ list }: Choices<unknown>): number {
  return list.reduce((product, { options }) => product * options.length, 1)
}
