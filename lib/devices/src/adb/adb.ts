import { LetiError, messageOf } from '@leti/records'
import { execa } from 'execa'
import { deviceLost, lostState } from './failure.js'
import { quote } from './quote.js'

export interface ShellResult {
  readonly stdout: string
  readonly stderr: string
  /** Exit code of the program on the phone. */
  readonly exitCode: number
}

export interface CallOptions {
  /** Longest time in ms. */
  readonly timeout?: number
  /** The error if it takes longer; default: `device-lost`. */
  readonly late?: LetiError
  /** Whether the signal must not cancel the call once it has begun. */
  readonly whole?: boolean
}

const CALL_MS = 20_000
const TRANSFER_MS = 300_000
/** In bytes; more than any program that is run here prints. */
const MAX_OUTPUT = 4 * 1024 * 1024

const MISSING =
  'no adb on the PATH: install it (Debian: apt-get install adb; else the Android platform-tools)'

/**
 * One phone, through the user's own `adb`. Every call has a time limit and ends with the signal. Two
 * kinds of calls ignore the signal: those that would leave something behind if they were cancelled, and
 * those that remove it.
 */
export class Adb {
  /**
   * @param serial as `adb devices` shows it
   * @param signal cancels calls in progress
   */
  constructor(
    readonly serial: string,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * Runs a program on the phone. It receives each argument unchanged. A program that fails is no error
   * of this call.
   *
   * @throws {LetiError} `device-lost`; `options.late` if it takes too long
   */
  async shell(args: readonly string[], options: CallOptions = {}): Promise<ShellResult> {
    // adb reports success even if the connection breaks, and phones before Android 7 report no exit
    // codes. So the phone's shell prints the exit code itself.
    const command = `${args.map(quote).join(' ')}; echo "${MARK}$?"`
    const { stdout, stderr } = await this.call(['shell', command], options)
    const text = stdout.replaceAll('\r\n', '\n')
    const ending = ENDING.exec(text)
    if (!ending) throw deviceLost(this.serial, lostState(stderr) ?? 'lost')
    return {
      stdout: text.slice(0, ending.index),
      stderr: stderr.replaceAll('\r\n', '\n'),
      exitCode: Number(ending[1]),
    }
  }

  /** @throws {LetiError} `device-lost`, `model-failed` if the phone is full or denies access */
  async push(local: string, remote: string): Promise<void> {
    await this.transfer(['push', local, remote], { timeout: TRANSFER_MS })
  }

  /** @throws {LetiError} `device-lost`, `model-failed` if there is no such file */
  async pull(remote: string, local: string): Promise<void> {
    await this.transfer(['pull', remote, local], { timeout: TRANSFER_MS })
  }

  /**
   * Forwards a free port of this computer to a socket of the phone.
   *
   * @param remote such as `localabstract:chrome_devtools_remote`
   * @returns the port
   */
  async forward(remote: string): Promise<number> {
    return Number(await this.transfer(['forward', 'tcp:0', remote], { whole: true }))
  }

  /** The ports of this computer that are forwarded to this phone. */
  async forwards(): Promise<Set<number>> {
    const { stdout } = await callAdb(['forward', '--list'], CALL_MS, this.signal)
    const lines = stdout.split('\n').map((line) => line.split(' '))
    const own = lines.filter(([serial]) => serial === this.serial)
    return new Set(own.map(([, local]) => Number(local.replace('tcp:', ''))))
  }

  async removeForward(port: number): Promise<void> {
    await new Adb(this.serial).transfer(['forward', '--remove', `tcp:${port}`])
  }

  /**
   * Forwards a free port of the phone to a port of this computer.
   *
   * @returns the phone's port
   */
  async reverse(port: number): Promise<number> {
    return Number(await this.transfer(['reverse', 'tcp:0', `tcp:${port}`], { whole: true }))
  }

  async removeReverse(port: number): Promise<void> {
    await new Adb(this.serial).transfer(['reverse', '--remove', `tcp:${port}`])
  }

  private async transfer(args: readonly string[], options: CallOptions = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await this.call(args, options)
    if (exitCode === 0) return stdout.trim()
    const said = `${stderr}\n${stdout}`
    if (/no space left on device/i.test(said)) {
      throw new LetiError('model-failed', `phone ${this.serial} is full: free some of its storage`)
    }
    const state = lostState(said)
    if (state) throw deviceLost(this.serial, state)
    throw new LetiError('model-failed', `adb ${args[0]} failed: ${lastLine(said)}`)
  }

  private async call(
    args: readonly string[],
    { timeout = CALL_MS, late, whole }: CallOptions,
  ): Promise<AdbResult> {
    const signal = whole && !this.signal?.aborted ? undefined : this.signal
    const result = await callAdb(['-s', this.serial, ...args], timeout, signal)
    if (result.timedOut) {
      throw (
        late ??
        new LetiError('device-lost', `phone ${this.serial} did not answer in ${timeout / 1000} s`)
      )
    }
    return result
  }
}

export interface AdbResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | undefined
  readonly timedOut: boolean
}

/**
 * Runs adb.
 *
 * @throws {LetiError} `usage` if it is not installed, `device-lost` if it is cancelled
 */
export async function callAdb(
  args: readonly string[],
  timeout: number,
  signal?: AbortSignal,
): Promise<AdbResult> {
  const running = execa('adb', args, {
    reject: false,
    stdin: 'ignore',
    timeout,
    forceKillAfterDelay: 1000,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: false,
    ...(signal && { cancelSignal: signal }),
  })
  // adb goes on even if its output is closed, so it has to be killed.
  running.stdout.once('close', () => {
    if (!running.stdout.readableEnded) running.kill()
  })
  const result = await running
  if (result.isCanceled) throw new LetiError('device-lost', 'the phone was closed')
  if (result.isMaxBuffer)
    throw new LetiError(
      'model-failed',
      `the output of a program on the phone exceeds ${MAX_OUTPUT} bytes`,
    )
  if (result.exitCode === undefined && !result.timedOut) {
    if (result.code === 'ENOENT') throw new LetiError('usage', MISSING)
    throw new LetiError('device-lost', `adb failed: ${messageOf(result)}`)
  }
  const { stdout, stderr, exitCode, timedOut } = result
  return { stdout, stderr, exitCode, timedOut }
}

const MARK = 'leti-exit-code:'
const ENDING = new RegExp(`${MARK}(\\d+)\\n?$`)

/** adb's reason for a failure: the last line that it printed. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.findLast(Boolean) ?? 'it gives no reason'
}
