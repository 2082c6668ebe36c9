import { asLetiError, LetiError, messageOf } from '@leti/records'
import { sampleLatency, type Protocol } from '../protocol.js'
import type { Run } from '../target.js'
import type { Loaded, Profile, Session } from './session.js'

/** Names of the calls that a session answers. */
type SessionMethod = keyof Session

/** Calls a method of a `Session` in another process or in a page, one call at a time. */
export type CallSession = (method: SessionMethod, ...args: (string | number)[]) => Promise<unknown>

/**
 * Measures a model through a session.
 *
 * @param source the model's path or URL, as the session's side sees it
 * @throws {LetiError} `model-failed` if the model cannot be loaded or run
 */
export async function runInSession(
  call: CallSession,
  source: string,
  protocol: Protocol,
): Promise<Run> {
  try {
    const { loadMs, delegation } = (await call('load', source)) as Loaded
    let ranMs = 0
    const infer = async (count: number): Promise<number[]> => {
      const latencies = (await call('infer', count)) as number[]
      ranMs += sumOf(latencies)
      return latencies
    }
    const [firstRunMs] = await infer(1)
    const firstOutput = (await call('lastOutput')) as number[]
    const samplesMs = await sampleLatency(infer, protocol, firstRunMs)
    const lastOutput = (await call('lastOutput')) as number[]
    const profile = protocol.profile ? ((await call('profile')) as Profile) : {}
    return {
      latency: { samplesMs },
      loadMs,
      firstRunMs,
      warmUpMs: Math.max(ranMs - firstRunMs - sumOf(samplesMs), 0),
      firstOutput,
      lastOutput,
      ...(delegation && { delegation }),
      ...profile,
    }
  } catch (error) {
    if (asLetiError(error)) throw error
    throw new LetiError('model-failed', messageOf(error), { cause: error })
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
