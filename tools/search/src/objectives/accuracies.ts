import { LetiError, messageOf, type Arch } from '@leti/records'
import { hashOfId, nb201 } from '@leti/spaces'

/** Accuracies by network. A network is named by its id, the hash of its cell, or NAS-Bench-201's string. */
export class Accuracies {
  private readonly byKey = new Map<string, Entry>()
  private matches = 0

  get size(): number {
    return this.byKey.size
  }

  /** How many of the networks that it names were found. */
  get found(): number {
    return this.matches
  }

  /** A network that it names, for messages. */
  get example(): string | undefined {
    return this.byKey.keys().next().value
  }

  /**
   * @returns false if another value of the network is known, which stays
   * @throws {LetiError} `bad-input` if the name is a string of NAS-Bench-201 that is no cell's
   */
  add(name: string, value: number): boolean {
    const key = keyOf(name)
    const known = this.byKey.get(key)
    if (known === undefined) this.byKey.set(key, { value, isFound: false })
    return known === undefined || known.value === value
  }

  /** That of the id; else that of the cell in the published configuration. */
  of(id: string): number | undefined {
    return this.entryOf(id)?.value
  }

  /** Takes note that a network with this id exists. Returns whether it has an accuracy. */
  find(id: string): boolean {
    const entry = this.entryOf(id)
    if (!entry) return false
    if (!entry.isFound) this.matches++
    entry.isFound = true
    return true
  }

  private entryOf(id: string): Entry | undefined {
    const own = this.byKey.get(keyOf(id))
    if (own) return own
    const hash = hashOfId(id)
    return hash === undefined ? undefined : this.byKey.get(hash)
  }
}

interface Entry {
  readonly value: number
  /** Whether a network of this name was found. */
  isFound: boolean
}

/** The hash for cells of NAS-Bench-101 in the published configuration, else the id. */
function keyOf(name: string): string {
  if (/^(nb101-)?[0-9a-f]{32}$/.test(name)) return name.slice(-32)
  return name.startsWith('|') ? idOfArchString(name) : name
}

function idOfArchString(arch_str: string): string {
  try {
    const arch: Arch = { space: 'nb201', arch_str }
    return `nb201-${nb201.choices?.chosen(nb201.parse(arch)).join('')}`
  } catch (error) {
    throw new LetiError('bad-input', `no cell of NAS-Bench-201: ${messageOf(error)}`)
  }
}
