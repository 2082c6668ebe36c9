import { LetiError, type LetiRecord } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { networkOf, SPACES } from './registry.js'
import {
  choiceRecord,
  PUBLISHED_SETTINGS,
  type ArchMembers,
  type Choices,
  type RecordSettings,
  type Settings,
} from './space.js'

/** Larger spaces are not enumerated. */
const MAX_ENUMERATED = 1_000_000

/**
 * The settings of the networks of a space.
 *
 * @param name one of `CHOICE_SPACES`
 * @param given their values, by the names of the members of `arch`; those left out are published
 * @throws {LetiError} `usage` if the space has no such setting, `bad-arch` if it has no such network
 */
export function settingsOf(name: string, given: ArchMembers): RecordSettings {
  const choices = choicesOf(name)
  checkNames(name, choices.settings, given)
  const settings = choices.settings.record(given)
  if (settings.suffix) checkSize(name, choices, settings)
  return settings
}

/** Builds the networks of one option everywhere: the largest network of the space is among them. */
function checkSize(name: string, choices: Choices<unknown>, settings: RecordSettings): void {
  const { list } = choices
  const most = Math.max(...list.map(({ options }) => options.length))
  for (let option = 0; option < most; option++) {
    const chosen = list.map(({ options }) => Math.min(option, options.length - 1))
    networkOf(choiceRecord(SPACES[name], choices, chosen, settings))
  }
}

/**
 * Refuses settings that the networks of a space do not have.
 *
 * @throws {LetiError} `usage`
 */
function checkNames(space: string, { names }: Settings, given: ArchMembers): void {
  const option = (name: string): string => `--${name.replaceAll('_', '-')}`
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const known = names.map(option).join(', ')
  throw new LetiError('usage', `space "${space}" has no ${option(unknown)}; it has ${known}`)
}

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
  settings: RecordSettings = PUBLISHED_SETTINGS,
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
    yield choiceRecord(SPACES[name], choices, chosen, settings)
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
export function* allArchitectures(
  name: string,
  settings: RecordSettings = PUBLISHED_SETTINGS,
): Generator<LetiRecord> {
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
    yield choiceRecord(SPACES[name], choices, chosen.reverse(), settings)
  }
}

function choicesOf(name: string): Choices<unknown> {
  return SPACES[name].choices as Choices<unknown>
}

function sizeOf({ list }: Choices<unknown>): number {
  return list.reduce((product, { options }) => product * options.length, 1)
}
