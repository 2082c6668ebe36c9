import { setTimeout as delay } from 'node:timers/promises'

/** A phone that hangs is not waited for. */
const STEP_MS = 5000

/** What is to be undone at the end, last first. */
export class Cleanup {
  private readonly steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.steps.push(step)
  }

  /** Undoes each step once, whatever becomes of the others. Never throws. */
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const late = delay(STEP_MS, undefined, { ref: false })
      await Promise.race([attempt(step), late]).catch(() => undefined)
    }
  }
}

/** A phone that is gone takes what it had along. */
async function attempt(step: () => unknown): Promise<void> {
  await step()
}
