import type { Network } from '@leti/network'
import type { Arch } from '@leti/records'

/** A search space: how its architectures are read, and the network that each stands for. */
export interface Space<Parsed> {
  readonly name: string
  /** @throws {LetiError} `bad-arch` where `arch` is not one of the space */
  parse(arch: Arch): Parsed
  /** @param name the network's name, the id of the record that it comes from */
  toNetwork(parsed: Parsed, name: string): Network
}
