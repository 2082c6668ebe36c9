import { LetiError } from '@leti/records'
import { execa } from 'execa'
import { killGroup, ON_WINDOWS } from '../processes/kill-group.js'

/** In bytes; more than any program that is run here prints. */
const MAX_OUTPUT = 4 * 1024 * 1024
/** How long the output of a program that was killed may stay open. */
const CLOSE_MS = 1000

const MISSING =
  'no adb on the PATH: install it (Debian: apt-get install adb; else the Android platform-tools)'

export interface AdbResult {
  readonly stdout: string
  readonly stderr: string
  /** `undefined` if adb was killed. */
  readonly exitCode: number | undefined
  readonly timedOut: boolean
}

/**
 * Runs adb. After the time limit or the signal it is killed, with all programs that it started: `adb` may
 * be a script, and a program that still has its output open would keep the call waiting.
 *
 * @throws {LetiError} `usage` if it is not installed, `device-lost` if it is cancelled
 */
export async function runAdb(
  args: readonly string[],
  timeout: number,
  signal?: AbortSignal,
): Promise<AdbResult> {
  if (signal?.aborted) throw closed()
  const running = execa('adb', args, {
    reject: false,
    stdin: 'ignore',
    // It leads a process group of its own. Windows has none.
    detached: !ON_WINDOWS,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: false,
  })
  const { stdout, stderr, pid } = running
  let timedOut = false
  const kill = (): void => {
    if (pid !== undefined) killGroup(pid)
    setTimeout(() => [stdout, stderr].forEach((stream) => stream.destroy()), CLOSE_MS).unref()
  }
  const timer = setTimeout(() => {
    timedOut = true
    kill()
  }, timeout)
  signal?.addEventListener('abort', kill)
  if (pid !== undefined) RUNNING.add(pid)
  // adb goes on even if its output is closed, so it has to be killed.
  stdout.once('close', () => {
    if (!stdout.readableEnded) kill()
  })
  const result = await running
  clearTimeout(timer)
  signal?.removeEventListener('abort', kill)
  if (pid !== undefined) RUNNING.delete(pid)

  if (signal?.aborted) throw closed()
  if (result.isMaxBuffer) {
    throw new LetiError(
      'model-failed',
      `the output of a program on the phone exceeds ${MAX_OUTPUT} bytes`,
    )
  }
  if (result.exitCode === undefined && !timedOut) {
    if (result.code === 'ENOENT') throw new LetiError('usage', MISSING)
    const why = result.signal ? `it was killed (${result.signal})` : result.originalMessage
    throw new LetiError('device-lost', `adb ${args[0]} failed: ${why}`)
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode, timedOut }
}

function closed(): LetiError {
  return new LetiError('device-lost', 'the phone was closed')
}

/** Process ids of the adb programs that are running; each leads a group. */
const RUNNING = new Set<number>()
process.on('exit', () => RUNNING.forEach(killGroup))
