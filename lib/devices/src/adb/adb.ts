import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { LetiError } from '@leti/records'
import type { ReadyPhone } from './choose-phone.js'
import { adbComplaint, deviceLost, lostState } from './failure.js'
import { quote } from './quote.js'
import { runAdb, type AdbResult } from './run-adb.js'

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
/** Short, since LETI ends only after it. */
const REMOVE_MS = 5000
/** How many ports of the phone are tried. */
const MOST_TRIES = 10
/** What adb says about a file, not about the connection. */
const FILE_ERROR = /failed to (?:copy|stat)|cannot (?:stat|create|open|read)/

/**
 * One phone, through the user's own `adb`. Every call has a time limit and ends with the signal. Two
 * kinds of calls ignore the signal: those that would leave something behind if they were cancelled, and
 * those that remove it.
 */
export class Adb {
  /** @param signal cancels calls in progress */
  constructor(
    private readonly phone: ReadyPhone,
    private readonly signal?: AbortSignal,
  ) {}

  /** The phone's name, which no other phone has. */
  get name(): string {
    return this.phone.name
  }

  /** The same phone without the signal, to clean up after it. */
  withoutSignal(): Adb {
    return new Adb(this.phone)
  }

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
    const { stdout, stderr, exitCode } = await this.call(['shell', command], options)
    const text = stdout.replaceAll('\r\n', '\n')
    const ending = ENDING.exec(text)
    if (!ending) throw this.lost(exitCode, stderr, text)
    return {
      stdout: text.slice(0, ending.index),
      stderr: stderr.replaceAll('\r\n', '\n'),
      exitCode: Number(ending[1]),
    }
  }

  /** @throws {LetiError} `device-lost`, `model-failed` if the phone is full or denies access */
  async push(local: string, remote: string): Promise<void> {
    await this.transfer(['push', resolve(local), remote], { timeout: TRANSFER_MS })
  }

  /** @throws {LetiError} `device-lost`, `model-failed` if there is no such file */
  async pull(remote: string, local: string): Promise<void> {
    await this.transfer(['pull', remote, resolve(local)], { timeout: TRANSFER_MS })
  }

  /**
   * Forwards a port of this computer to a socket of the phone. It is an error if adb forwards the port
   * already.
   *
   * @param remote such as `localabstract:chrome_devtools_remote`
   */
  async forward(port: number, remote: string): Promise<void> {
    await this.transfer(['forward', '--no-rebind', `tcp:${port}`, remote], { whole: true })
  }

  async removeForward(port: number): Promise<void> {
    const args = ['forward', '--remove', `tcp:${port}`]
    await this.withoutSignal().transfer(args, { timeout: REMOVE_MS })
  }

  /**
   * Forwards a free port of the phone to a port of this computer. The port is chosen here: if two runs let
   * adb choose (`tcp:0`), its server forgets the first and dies when the phone connects (seen with 29.0.6).
   *
   * @returns the phone's port
   */
  async reverse(port: number): Promise<number> {
    for (let chosen = port, tries = 1; ; chosen = randomInt(20_000, 60_000), tries++) {
      try {
        const forward = ['--no-rebind', `tcp:${chosen}`, `tcp:${port}`]
        await this.transfer(['reverse', ...forward], { whole: true })
        return chosen
      } catch (error) {
        if (tries === MOST_TRIES || !/cannot (?:re)?bind/.test(String(error))) throw error
      }
    }
  }

  /** The ports of the phone that are forwarded to this port of this computer. */
  async reversesTo(port: number): Promise<number[]> {
    const list = await this.transfer(['reverse', '--list'])
    const pairs = [...list.matchAll(/ tcp:(\d+) tcp:(\d+)\s*$/gm)]
    return pairs.filter(([, , host]) => Number(host) === port).map(([, phone]) => Number(phone))
  }

  async removeReverse(port: number): Promise<void> {
    const args = ['reverse', '--remove', `tcp:${port}`]
    await this.withoutSignal().transfer(args, { timeout: REMOVE_MS })
  }

  private async transfer(args: readonly string[], options: CallOptions = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await this.call(args, options)
    if (exitCode === 0) return stdout.trim()
    if (/no space left on device/i.test(`${stderr}\n${stdout}`)) {
      throw new LetiError('model-failed', `phone ${this.name} is full: free some of its storage`)
    }
    const words = adbComplaint(stderr, stdout)
    const state = lostState(`${stderr}\n${stdout}`)
    if (state) throw deviceLost(this.name, state, words)
    const code = FILE_ERROR.test(words) ? 'model-failed' : 'device-lost'
    throw new LetiError(code, `phone ${this.name}: adb ${args[0]} failed: ${words}`)
  }

  /** The error for a program on the phone whose end adb did not report. */
  private lost(exitCode: number | undefined, stderr: string, stdout: string): LetiError {
    const words = adbComplaint(stderr, stdout)
    const state = lostState(stderr)
    if (state) return deviceLost(this.name, state, words)
    // adb reports success if the connection breaks.
    if (exitCode === 0) return deviceLost(this.name, 'lost')
    return new LetiError('device-lost', `phone ${this.name}: adb shell failed: ${words}`)
  }

  private async call(
    args: readonly string[],
    { timeout = CALL_MS, late, whole }: CallOptions,
  ): Promise<AdbResult> {
    const signal = whole && !this.signal?.aborted ? undefined : this.signal
    const result = await runAdb([...this.phone.options, ...args], timeout, signal)
    if (result.timedOut) {
      throw (
        late ??
        new LetiError('device-lost', `phone ${this.name} did not answer in ${timeout / 1000} s`)
      )
    }
    return result
  }
}

const MARK = 'leti-exit-code:'
const ENDING = new RegExp(`${MARK}(\\d+)\\n?$`)
