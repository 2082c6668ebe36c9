import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest time to compute before signals are heard, in ms. */
const TURN_MS = 50

/** The turns of the event loop. Signals are heard between two of them. */
export class Turns {
  private start = performance.now()

  isOver(): boolean {
    return performance.now() - this.start > TURN_MS
  }

  async next(): Promise<void> {
    await nextTurn()
    this.start = performance.now()
  }
}
