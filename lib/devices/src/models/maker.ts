import type { Format } from '@leti/formats'
import type { LetiRecord, Model } from '@leti/records'
import { MODEL_WORKER } from '../locations.js'
import { startWorker, type Worker } from '../processes/worker.js'

/** Makes model files in a process of its own, one at a time. */
export class ModelMaker {
  private worker: Worker | undefined
  /** Resolves when the model that was asked for last is written, or has failed. */
  private last: Promise<unknown> = Promise.resolve()

  /** @param startProcess starts the process that makes models */
  constructor(private readonly startProcess = startMaker) {}

  /** Starts the process, which else starts with the first model and takes part of its time. */
  start(): void {
    if (this.worker?.isAlive) return
    this.worker = this.startProcess()
  }

  /**
   * Writes a record's model in a format into a folder.
   *
   * @param stop ends the work; its reason is thrown
   * @returns its `model`
   * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`, `model-failed`, `device-crashed`
   */
  async write(
    record: LetiRecord,
    format: Format,
    folder: string,
    stop: AbortSignal,
  ): Promise<Model> {
    const written = this.last.then(() => this.writeNow(record, format, folder, stop))
    this.last = written.catch(() => undefined)
    return written
  }

  private async writeNow(
    record: LetiRecord,
    format: Format,
    folder: string,
    stop: AbortSignal,
  ): Promise<Model> {
    stop.throwIfAborted()
    const close = (): void => void this.close()
    stop.addEventListener('abort', close)
    try {
      this.start()
      return (await this.worker?.call('write', record, format, folder)) as Model
    } catch (error) {
      stop.throwIfAborted()
      throw error
    } finally {
      stop.removeEventListener('abort', close)
    }
  }

  /** Ends at once; the work in progress fails. */
  async close(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    await worker?.end()
  }
}

function startMaker(): Worker {
  return startWorker(MODEL_WORKER, { name: 'the process that makes the model' })
}
