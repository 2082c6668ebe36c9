import { createHash } from 'node:crypto'

/** Random numbers that depend only on the text, so that every machine repeats them. */
export class Dice {
  constructor(text) {
    this.text = text
    this.throws = 0
  }

  /** A whole number from 0 to `end` - 1. */
  below(end) {
    const hash = createHash('sha256').update(`${this.text}/${this.throws++}`).digest()
    return hash.readUIntLE(0, 6) % end
  }

  of(list) {
    return list[this.below(list.length)]
  }
}
