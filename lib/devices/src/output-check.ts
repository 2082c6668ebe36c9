import { Reference, type ModelFiles } from './reference.js'
import type { Run } from './target.js'
import { TimeLimit } from './time-limit.js'
import { verifyOutput } from './verify.js'

/** A reference that is computed beside other work. */
export interface Early {
  readonly output: Promise<Float32Array>
  /** Ends the work if it is still going on; resolves when it has ended. */
  end(): Promise<void>
}

/** Checks the outputs of a device against a CPU reference. */
export class OutputCheck {
  private readonly reference: Reference

  /**
   * @param runtime of the device
   * @param backend of that runtime
   */
  constructor(runtime: string, backend: string) {
    this.reference = new Reference(runtime, backend)
  }

  /**
   * Begins to compute the reference of a model.
   *
   * @param seconds that it may take
   */
  begin(model: ModelFiles, seconds: number): Early {
    const ending = new AbortController()
    const output = this.expected(model, new TimeLimit(seconds, ending.signal))
    const ended = output.then(ignore, ignore)
    return {
      output,
      end: () => {
        ending.abort()
        return ended
      },
    }
  }

  /**
   * The reference of a model.
   *
   * @throws {LetiError} as `Reference.output`; `timeout`
   */
  async expected(model: ModelFiles, time: TimeLimit): Promise<Float32Array> {
    try {
      return await time.spend('no CPU reference', (stop) => this.reference.output(model, stop))
    } catch (error) {
      // A late answer must not be taken for the answer to the next call.
      await this.reference.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.reference.close()
  }
}

/**
 * Compares the outputs of a run with the reference.
 *
 * @returns the largest difference
 * @throws {LetiError} `wrong-output`
 */
export function outputErrorOf(
  { firstOutput, lastOutput }: Required<Pick<Run, 'firstOutput' | 'lastOutput'>>,
  reference: Float32Array,
): number {
  const first = verifyOutput(firstOutput, reference, 'first')
  return Math.max(first, verifyOutput(lastOutput, reference, 'last'))
}

const ignore = (): void => undefined
