import { LetiError, messageOf } from '@leti/records'
import { execa } from 'execa'
import { deviceLost, lostState } from './failure.js'
import { quote } from './quote.js'

export interface ShellResult {
  readonly stdout: string
  readonly stderr: string
  /** Of the program on the phone. */
  readonly exitCode: number
}

export interface CallOptions {
  /** Longest time in ms. */
  readonly timeout?: number
  /** Thrown where it takes longer; without it, the phone is lost. */
  readonly late?: LetiError
  /** Once begun, it is not cancelled. */
  readonly whole?: boolean
}

const CALL_MS = 20_000
const TRANSFER_MS = 300_000
/** More than any program here prints. */
const MAX_OUTPUT = 4 * 1024 * 1024

const MISSING =
  'no adb on the PATH: install it (Debian: apt-get install adb; else the Android platform-tools)'

/**
 * One phone through the user's own `adb`. Every call is bounded in time, and ends with the signal, but
 * for what would leave something behind that nobody knows of, and for what removes it.
 */
export class Adb {
  /**
   * @param serial as `adb devices` shows it
   * @param signal ends whatever is under way
   */
  constructor(
    readonly serial: string,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * Runs a program on the phone. Each argument reaches it as it is.
   *
   * @throws {LetiError} `device-lost`, or what is to be thrown where it takes too long; a program that
   *   fails is no error
   */
  async shell(args: readonly string[], options: CallOptions = {}): Promise<ShellResult> {
    // Where the connection breaks off, adb reports success, and phones before Android 7 know no exit
    // codes: so the phone's shell says itself how the program ended.
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

  /** @throws {LetiError} `device-lost`, `model-failed` where the phone has no room or no leave */
  async push(local: string, remote: string): Promise<void> {
    await this.transfer(['push', local, remote], { timeout: TRANSFER_MS })
  }

  /** @throws {LetiError} `device-lost`, `model-failed` where there is no such file */
  async pull(remote: string, local: string): Promise<void> {
    await this.transfer(['pull', remote, local], { timeout: TRANSFER_MS })
  }

  /**
   * Makes a socket of the phone reachable on a free port of this computer.
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
   * Makes a port of this computer reachable on a free port of the phone.
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
 * @throws {LetiError} `usage` where there is none, `device-lost` where it was cancelled
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
  // Where its output is cut off, adb does not mind, and goes on.
  running.stdout.once('close', () => {
    if (!running.stdout.readableEnded) running.kill()
  })
  const result = await running
  if (result.isCanceled) throw new LetiError('device-lost', 'the phone was closed')
  if (result.isMaxBuffer) throw new LetiError('model-failed', 'the phone prints without end')
  if (result.exitCode === undefined && !result.timedOut) {
    if (result.code === 'ENOENT') throw new LetiError('usage', MISSING)
    throw new LetiError('device-lost', `adb failed: ${messageOf(result)}`)
  }
  const { stdout, stderr, exitCode, timedOut } = result
  return { stdout, stderr, exitCode, timedOut }
}

const MARK = 'leti-exit-code:'
const ENDING = new RegExp(`${MARK}(\\d+)\\n?$`)

/** What adb gives as its reason. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.findLast(Boolean) ?? 'it does not say why'
}
