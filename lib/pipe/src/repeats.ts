import { say } from './people.js'

/** How many messages of a kind are printed in full. */
const SHOWN = 3

/** Limit on distinct kinds, so that a stream of ever new messages does not fill the memory. */
const MAX_KINDS = 100

const OTHER = ''

/** Prints the first messages of each kind. The others are only counted, until the end. */
export class Repeats {
  private readonly kinds = new Map<string, { count: number; readonly example: string }>()

  /** @param showAll prints every message */
  constructor(private readonly showAll: boolean) {}

  /** @param text tells the kind of the line; its numbers and names in quotes do not matter */
  say(line: string, text: string): void {
    const kind = this.kindOf(text)
    const known = this.kinds.get(kind)
    if (known) known.count++
    else this.kinds.set(kind, { count: 1, example: line })
    if (this.showAll || (known?.count ?? 1) <= SHOWN) say(line)
  }

  /** Prints how many messages of each kind there were. */
  sayCounts(tool: string): void {
    for (const [kind, { count, example }] of this.kinds) {
      if (this.showAll || count <= SHOWN) continue
      const like = kind === OTHER ? 'of other kinds' : 'of this kind'
      say(`${tool}: ${count} messages ${like}, ${SHOWN} shown (--verbose shows all): ${example}`)
    }
  }

  private kindOf(text: string): string {
    const kind = blanked(text)
    return this.kinds.has(kind) || this.kinds.size < MAX_KINDS ? kind : OTHER
  }
}

/** What differs between messages of one kind: names in quotes, digests, numbers. */
const PARTICULAR = /"[^"]*"|(?<!\w)'[^']*'|\b[0-9a-f]{8,}\b|[\d.]+(?:e[+-]?\d+)?/gi

function blanked(message: string): string {
  return message.slice(0, 1000).replace(PARTICULAR, '"')
}
