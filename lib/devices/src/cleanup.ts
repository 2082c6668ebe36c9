import { setTimeout as delay } from 'node:timers/promises'

/** Longest wait for one step, since the phone may hang. */
const STEP_MS = 5000

/** A list of steps that undo what was done, last first. */
export class Cleanup {
  private readonly steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.steps.push(step)
  }

  /** Runs each step once, even if others fail. Never throws. */
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const late = delay(STEP_MS, undefined, { ref: false })
      await Promise.race([attempt(step), late]).catch(() => undefined)
    }
  }
}

/** Makes a step that throws a promise that rejects. */
async function attempt(step: () => unknown): Promise<void> {
  await step()
}
