import type { Format } from '@leti/formats'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import { RUNTIMES } from './runtimes/registry.js'
import type { Implementation } from './runtimes/runtime.js'
import { KnownOutputs } from './known-outputs.js'
import { WORKER } from './locations.js'
import { startWorker, type Worker } from './processes/worker.js'

/** The files of one model. Each format is written when it is first asked for. */
export interface ModelFiles {
  /** Models with one key are the same: what is known of one is known of all. Absent if nothing tells. */
  readonly key?: string
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
  private readonly workers = new Map<Implementation, Worker>()
  private readonly implementations: readonly Implementation[]
  private readonly known = new KnownOutputs()

  /**
   * @param runtime of the device whose outputs are checked
   * @param backend of that runtime
   * @param open starts a process
   */
  constructor(
    runtime: string,
    backend: string,
    private readonly open = (): Worker => startWorker(WORKER, { name: 'its process' }),
  ) {
    this.implementations = RUNTIMES[runtime].references(backend)
  }

  /**
   * The model's output for the seeded input: all elements of all outputs. It is computed once for all models with
   * one key.
   *
   * @param stop ends the making of the model's file
   * @throws {LetiError} `model-failed`, `unsupported` if no implementation can run the model
   */
  async output(model: ModelFiles, stop: AbortSignal): Promise<Float32Array> {
    const known = this.known.get(model.key)
    if (known) return known
    const output = Float32Array.from(await this.compute(model, stop))
    this.known.add(model.key, output)
    return output
  }

  async close(): Promise<void> {
    const workers = [...this.workers.values()]
    this.workers.clear()
    await Promise.all(workers.map((worker) => worker.end()))
  }

  /** The first implementation that can run the model. */
  private async compute(model: ModelFiles, stop: AbortSignal): Promise<readonly number[]> {
    const [last] = this.implementations.slice(-1)
    for (const implementation of this.implementations) {
      try {
        return await this.computeWith(implementation, model, stop)
      } catch (error) {
        if (implementation === last || stop.aborted) throw error
      }
    }
    throw new Error('the runtime has no CPU reference')
  }

  private async computeWith(
    implementation: Implementation,
    model: ModelFiles,
    stop: AbortSignal,
  ): Promise<readonly number[]> {
    const path = await fileOf(model, implementation, stop)
    try {
      const worker = this.workers.get(implementation) ?? (await this.start(implementation))
      await worker.call('load', path)
      await worker.call('infer', 1)
      return (await worker.call('lastOutput')) as number[]
    } catch (error) {
      await this.close()
      throw new LetiError('model-failed', `no CPU reference: ${messageOf(error)}`, { cause: error })
    }
  }

  private async start(implementation: Implementation): Promise<Worker> {
    const worker = this.open()
    // Known before it starts, so that `close` ends it even then.
    this.workers.set(implementation, worker)
    await worker.call('start', implementation.runtime, implementation.backend)
    return worker
  }
}

/** A model that cannot be checked is an error: only the user can decide to measure it unchecked. */
async function fileOf(
  model: ModelFiles,
  { runtime }: Implementation,
  stop: AbortSignal,
): Promise<string> {
  try {
    return await model.file(RUNTIMES[runtime].format, stop)
  } catch (error) {
    const known = asLetiError(error)
    if (known?.code !== 'unsupported') throw error
    const why = `no CPU reference (--no-verify measures without): ${known.message}`
    throw new LetiError('unsupported', why, { cause: error })
  }
}
