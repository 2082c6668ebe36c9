import { asLetiError, LetiError, messageOf } from '@leti/records'
import { startChild, type Child } from './targets/node/child.js'
import type { ModelFormat } from './target.js'
import { node } from './targets/node/target.js'

/** The files of one model, each written when it is first asked for. */
export interface ModelFiles {
  /**
   * @returns the path of the model's file in this format
   * @throws {LetiError} `unsupported` where the model cannot be had in it
   */
  file(format: ModelFormat): Promise<string>
}

/** Answers computed on this computer's CPU, in a process of its own, to check a device against. */
export class Reference {
  private child: Child | undefined
  private readonly runtime: string
  private readonly backend: string

  /** Another implementation than the device's: what both compute is what the model says. */
  constructor(runtime: string, backend: string) {
    const both = `${runtime} ${backend}`
    // The JavaScript kernels of TensorFlow.js are slow, and share nothing with any other.
    if (both === 'tfjs wasm' || both === 'litert wasm')
      [this.runtime, this.backend] = ['tfjs', 'cpu']
    else [this.runtime, this.backend] = [runtime === 'tfjs' ? 'tfjs' : 'litert', 'wasm']
  }

  /**
   * The model's output for the seeded input.
   *
   * @throws {LetiError} `model-failed`, `unsupported`
   */
  async output(model: ModelFiles): Promise<readonly number[]> {
    const path = await this.fileOf(model)
    try {
      const child = this.child ?? (await this.start())
      await child.call('load', path)
      await child.call('infer', 1)
      return (await child.call('lastOutput')) as number[]
    } catch (error) {
      await this.close()
      throw new LetiError('model-failed', `no CPU reference: ${messageOf(error)}`, { cause: error })
    }
  }

  /** What cannot be checked is said to be so: it is for the user to measure it unchecked. */
  private async fileOf(model: ModelFiles): Promise<string> {
    try {
      return await model.file(node.runtimes[this.runtime].format)
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'unsupported') throw error
      const why = `no CPU reference (--no-verify measures without): ${known.message}`
      throw new LetiError('unsupported', why, { cause: error })
    }
  }

  async close(): Promise<void> {
    const child = this.child
    this.child = undefined
    await child?.kill()
  }

  private async start(): Promise<Child> {
    // Known from the first moment on, so that it is killed where it does not start.
    const child = (this.child = startChild())
    await child.call('start', this.runtime, this.backend)
    return child
  }
}
