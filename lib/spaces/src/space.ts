import type { Network } from '@leti/network'
import type { Arch, LetiRecord } from '@leti/records'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** A search space: parses its architectures and builds the network of each. */
export interface Space<Parsed> {
  /** The name in records: `arch.space`. */
  readonly name: string
  /** The members of `arch` besides `space`: others are refused. */
  readonly members: readonly string[]
  /** @throws {LetiError} `bad-arch` if `arch` is not an architecture of the space */
  parse(arch: Arch): Parsed
  /**
   * The network as its authors write it, including operators that a converter drops.
   *
   * @param name name of the network: the id of its record
   */
  toNetwork(parsed: Parsed, name: string): Network
  /** Present if an architecture is a list of independent choices. */
  readonly choices?: Choices<Parsed>
  /**
   * Typical architectures, whose kernels `kernel-sample` draws from. They are taken in rounds, a few
   * in each. If absent, one architecture per round is drawn from `choices`, if there are any.
   */
  examples?(random: RandomGenerator, round: number): Iterable<ArchMembers>
  /** Whether the features have names for all operators of its networks. */
  readonly named?: boolean
  /** Whether its networks contain operators that a converter drops. */
  readonly prunable?: boolean
  /** Whether each stage's blocks are chosen independently. */
  readonly staged?: boolean
}

/** The members of a space that features are computed from. */
export type SpaceTraits = Pick<Space<unknown>, 'choices' | 'named' | 'prunable' | 'staged'>

/** The members of an `arch` besides `space`. */
export type ArchMembers = Readonly<Record<string, unknown>>

/** One choice of an architecture. */
interface Choice {
  readonly name: string
  readonly options: readonly string[]
}

/** Architectures as lists: for each choice the number of the chosen option. */
export interface Choices<Parsed> {
  readonly list: readonly Choice[]
  /** The options that an architecture takes. */
  chosen(parsed: Parsed): number[]
  /** The inverse of `chosen`. */
  arch(chosen: readonly number[]): ArchMembers
  readonly settings: Settings
}

/** What can differ from the published networks of a space, besides the architecture. */
export interface Settings {
  /** The names of what `record` takes. */
  readonly names: readonly string[]
  /**
   * What a record of these settings has; nothing of published values.
   *
   * @throws {LetiError} `bad-arch` if no network has such settings
   */
  record(given: ArchMembers): RecordSettings
}

export interface RecordSettings {
  /** The members of `arch`. */
  readonly members: ArchMembers
  /** The end of the id, which tells the settings apart. */
  readonly suffix: string
}

export const PUBLISHED_SETTINGS: RecordSettings = { members: {}, suffix: '' }

/**
 * The record of an architecture that is a list of choices, such as `nb201-043110`, or with settings
 * `nb201-043110-l100`.
 */
export function choiceRecord(
  { name }: Pick<Space<unknown>, 'name'>,
  choices: Choices<unknown>,
  chosen: readonly number[],
  { members, suffix }: RecordSettings = PUBLISHED_SETTINGS,
): LetiRecord {
  const digits = chosen.map((option) => option.toString(36)).join('')
  const id = `${name}-${digits}${suffix}`
  return { id, arch: { space: name, ...choices.arch(chosen), ...members } }
}
