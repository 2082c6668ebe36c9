import { LetiError, type LetiRecord } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { SPACES } from './registry.js'
import type { Choices } from './space.js'

/** The spaces whose architectures are lists of independent choices. */
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
  const { list, record } = SPACES[name].choices as Choices<unknown>
  const size = sizeOf(list)
  if (count > size) {
    throw new LetiError('usage', `${count} architectures are wanted, there are only ${size}`)
  }
  const random = mersenne(seed)
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const chosen = list.map(({ options }) => uniformInt(random, 0, options.length - 1))
    const key = chosen.join()
    if (drawn.has(key)) continue
    drawn.add(key)
    yield record(chosen)
  }
}

/**
 * All architectures, the last choice running fastest.
 *
 * @throws {LetiError} `usage` where they are too many to be listed
 */
export function* allArchitectures(name: string): Generator<LetiRecord> {
  const { list, record } = SPACES[name].choices as Choices<unknown>
  const size = sizeOf(list)
  if (size > MAX_ENUMERATED) {
    throw new LetiError('usage', `space "${name}" has ${size} architectures: too many to list`)
  }
  for (let number = 0; number < size; number++) {
    let rest = number
    const chosen = list.toReversed().map(({ options }) => {
      const option = rest % options.length
      rest = Math.floor(rest / options.length)
      return option
    })
    yield record(chosen.reverse())
  }
}

function sizeOf(list: Choices<unknown>['list']): number {
  return list.reduce((product, { options }) => product * options.length, 1)
}
