import { createHash } from 'node:crypto'

/** Throws that depend on the text alone: the same on every machine. */
export class Dice {
  constructor(text) {
    this.text = text
    this.throws = 0
  }

  /** A whole number below `end`. */
  below(end) {
    const hash = createHash('sha256').update(`${this.text}/${this.throws++}`).digest()
    return hash.readUIntLE(0, 6) % end
  }

  of(list) {
    return list[this.below(list.length)]
  }
}
