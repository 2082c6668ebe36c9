import type { Format } from '@leti/formats'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import { RUNTIMES } from './runtimes/registry.js'
import type { Implementation } from './runtimes/runtime.js'
import { startChild, type Child } from './targets/node/child.js'

/** The files of one model. Each format is written when it is first asked for. */
export interface ModelFiles {
  /**
   * @returns the path of the model's file in this format
   * @throws {LetiError} `unsupported` if the model cannot be written in this format
   */
  file(format: Format): Promise<string>
}

/**
 * A CPU reference: outputs that another implementation computes on this computer, in a process of its
 * own. A device's outputs are checked against them.
 */
export class Reference {
  private child: Child | undefined
  private readonly implementation: Implementation

  /**
   * @param runtime of the device whose outputs are checked
   * @param backend of that runtime
   */
  constructor(runtime: string, backend: string) {
    this.implementation = RUNTIMES[runtime].reference(backend)
  }

  /**
   * The model's output for the seeded input: all elements of all outputs.
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

  async close(): Promise<void> {
    const child = this.child
    this.child = undefined
    await child?.kill()
  }

  /** A model that cannot be checked is an error: only the user can decide to measure it unchecked. */
  private async fileOf(model: ModelFiles): Promise<string> {
    try {
      return await model.file(RUNTIMES[this.implementation.runtime].format)
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'unsupported') throw error
      const why = `no CPU reference (--no-verify measures without): ${known.message}`
      throw new LetiError('unsupported', why, { cause: error })
    }
  }

  private async start(): Promise<Child> {
    // Assigned before it starts, so that `close` kills it even then.
    const child = (this.child = startChild())
    await child.call('start', this.implementation.runtime, this.implementation.backend)
    return child
  }
}
