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
  /** How many options each choice has, where an architecture is a list of independent choices. */
  readonly choices?: readonly number[]
  /** The record of such a list: the number of the option that each choice takes. */
  record?(chosen: readonly number[]): LetiRecord
}
