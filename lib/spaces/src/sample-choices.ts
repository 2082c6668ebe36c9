import { LetiError, type LetiRecord } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { SPACES } from './registry.js'
import type { Space } from './space.js'

/** A space whose architectures are lists of independent choices. */
type ChoiceSpace = Space<unknown> & Required<Pick<Space<unknown>, 'choices' | 'record'>>

/** The names of those spaces. */
export const CHOICE_SPACES: readonly string[] = Object.keys(SPACES).filter(
  (name) => SPACES[name].choices,
)

/** Spaces beyond this are not enumerated. */
const MAX_ENUMERATED = 1_000_000

/**
 * Draws architectures uniformly, without replacement. What a seed draws first does not depend on how
 * many are drawn.
 *
 * @param name one of `CHOICE_SPACES`
 * @throws {LetiError} `usage` where there are fewer than are wanted
 */
export function* drawArchitectures(
  name: string,
  count: number,
  seed: number,
): Generator<LetiRecord> {
  const space = SPACES[name] as ChoiceSpace
  const size = sizeOf(space.choices)
  if (count > size) {
    throw new LetiError('usage', `${count} architectures are wanted, there are only ${size}`)
  }
  const random = mersenne(seed)
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const chosen = space.choices.map((options) => uniformInt(random, 0, options - 1))
    const key = chosen.join()
    if (drawn.has(key)) continue
    drawn.add(key)
    yield space.record(chosen)
  }
}

/**
 * All architectures, the last choice running fastest.
 *
 * @throws {LetiError} `usage` where they are too many to be listed
 */
export function* allArchitectures(name: string): Generator<LetiRecord> {
  const space = SPACES[name] as ChoiceSpace
  const size = sizeOf(space.choices)
  if (size > MAX_ENUMERATED) {
    throw new LetiError('usage', `space "${name}" has ${size} architectures: too many to list`)
  }
  for (let number = 0; number < size; number++) {
    let rest = number
    const chosen = space.choices.toReversed().map((options) => {
      const option = rest % options
      rest = Math.floor(rest / options)
      return option
    })
    yield space.record(chosen.reverse())
  }
}

function sizeOf(choices: readonly number[]): number {
  return choices.reduce((product, options) => product * options, 1)
}
