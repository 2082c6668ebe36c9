import type { Network } from '@leti/network'
import type { Arch, LetiRecord } from '@leti/records'

/** A search space: how its architectures are read, and the network that each stands for. */
export interface Space<Parsed> {
  readonly name: string
  /** @throws {LetiError} `bad-arch` where `arch` is not one of the space */
  parse(arch: Arch): Parsed
  /**
   * The network as its authors write it, with operators that a converter would drop.
   *
   * @param name the network's name, the id of the record that it comes from
   */
  toNetwork(parsed: Parsed, name: string): Network
  /** Its choices, where an architecture is a list of independent ones. */
  readonly choices?: Choices<Parsed>
  /** Whether the features name all operators that its networks are made of. */
  readonly named?: boolean
  /** Whether its networks hold operators that a converter drops. */
  readonly prunable?: boolean
  /** Whether what stands in each stage is chosen apart from the others. */
  readonly staged?: boolean
}

/** One choice of an architecture. */
interface Choice {
  readonly name: string
  readonly options: readonly string[]
}

/** An architecture as a list: the number of the option that each choice takes. */
export interface Choices<Parsed> {
  readonly list: readonly Choice[]
  chosen(parsed: Parsed): number[]
  record: (chosen: readonly number[]) => LetiRecord
}
