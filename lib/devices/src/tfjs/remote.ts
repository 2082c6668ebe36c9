import { asLetiError, LetiError, messageOf, type KernelTime } from '@leti/records'
import { sampleLatency, type Protocol } from '../protocol.js'
import type { Run } from '../target.js'
import type { TfjsSession } from './session.js'

/** The calls that a session answers. */
export type SessionMethod = Exclude<keyof TfjsSession, 'unload'>

/** Calls a method of a `TfjsSession` in another process, one call at a time. */
export type CallSession = (method: SessionMethod, ...args: (string | number)[]) => Promise<unknown>

/**
 * Measures a model through a session.
 *
 * @param source what the session's side calls the model
 * @throws {LetiError} `model-failed` where the model cannot be loaded or run
 */
export async function runInSession(
  call: CallSession,
  source: string,
  protocol: Protocol,
): Promise<Run> {
  try {
    const loadMs = (await call('load', source)) as number
    const infer = async (count: number): Promise<number[]> =>
      (await call('infer', count)) as number[]
    const [firstRunMs] = await infer(1)
    const firstOutput = (await call('lastOutput')) as number[]
    const samplesMs = await sampleLatency(infer, protocol, firstRunMs)
    const lastOutput = (await call('lastOutput')) as number[]
    const profile = protocol.profile ? ((await call('profile')) as Profile) : {}
    return { samplesMs, loadMs, firstRunMs, firstOutput, lastOutput, ...profile }
  } catch (error) {
    if (asLetiError(error)) throw error
    throw new LetiError('model-failed', messageOf(error), { cause: error })
  }
}

interface Profile {
  kernels: KernelTime[]
  peakMemoryBytes: number
}
