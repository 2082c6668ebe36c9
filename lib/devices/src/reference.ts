import type { Format } from '@leti/formats'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import { RUNTIMES } from './runtimes/registry.js'
import type { Implementation } from './runtimes/runtime.js'
import { WORKER } from './locations.js'
import { startWorker, type Worker } from './processes/worker.js'

/** The files of one model. Each format is written when it is first asked for. */
export interface ModelFiles {
  /**
   * @param stop ends the work if nothing waits for the file any more
   * @returns the path of the model's file in this format
   * @throws {LetiError} `unsupported` if the model cannot be written in this format
   */
  file(format: Format, stop: AbortSignal): Promise<string>
}

/**
 * A CPU reference: outputs that another implementation computes on this computer, in a process of its
 * own. A device's outputs are checked against them.
 */
export class Reference {
  private worker: Worker | undefined
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
   * @param stop ends the making of the model's file
   * @throws {LetiError} `model-failed`, `unsupported`
   */
  async output(model: ModelFiles, stop: AbortSignal): Promise<readonly number[]> {
    const path = await this.fileOf(model, stop)
    try {
      const worker = this.worker ?? (await this.start())
      await worker.call('load', path)
      await worker.call('infer', 1)
      return (await worker.call('lastOutput')) as number[]
    } catch (error) {
      await this.close()
      throw new LetiError('model-failed', `no CPU reference: ${messageOf(error)}`, { cause: error })
    }
  }

  async close(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    await worker?.end()
  }

  /** A model that cannot be checked is an error: only the user can decide to measure it unchecked. */
  private async fileOf(model: ModelFiles, stop: AbortSignal): Promise<string> {
    try {
      return await model.file(RUNTIMES[this.implementation.runtime].format, stop)
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'unsupported') throw error
      const why = `no CPU reference (--no-verify measures without): ${known.message}`
      throw new LetiError('unsupported', why, { cause: error })
    }
  }

  private async start(): Promise<Worker> {
    // Assigned before it starts, so that `close` ends it even then.
    const worker = (this.worker = startWorker(WORKER, { name: 'its process' }))
    await worker.call('start', this.implementation.runtime, this.implementation.backend)
    return worker
  }
}
