import { LetiError, messageOf } from '@leti/records'
import { startChild, type Child } from './targets/node/child.js'

/** Answers computed on this computer's CPU, in a process of its own, to check a device against. */
export class Reference {
  private child: Child | undefined

  /** @param backend of TensorFlow.js in Node: another implementation than the device's */
  constructor(private readonly backend: string) {}

  /**
   * The model's output for the seeded input.
   *
   * @throws {LetiError} `model-failed`
   */
  async output(modelPath: string): Promise<readonly number[]> {
    try {
      const child = (this.child ??= await this.start())
      await child.call('load', modelPath)
      await child.call('infer', 1)
      return (await child.call('lastOutput')) as number[]
    } catch (error) {
      await this.close()
      throw new LetiError('model-failed', `no CPU reference: ${messageOf(error)}`, { cause: error })
    }
  }

  async close(): Promise<void> {
    const child = this.child
    this.child = undefined
    await child?.kill()
  }

  private async start(): Promise<Child> {
    const child = startChild()
    await child.call('start', this.backend)
    return child
  }
}
