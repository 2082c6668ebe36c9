import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import type { Adb, ShellResult } from '../../adb/adb.js'
import { isShared, noteOf } from '../../adb/leftovers.js'
import { wakeUp } from '../../adb/wake-up.js'
import { takeLock, type Lock } from '../../lock/lock.js'
import type { Tool } from './command.js'
import { complaintOf } from './complaint.js'
import { LOG_TAGS, parseAppLog, type AppLog } from './logcat.js'
import type { PhoneFolder } from '../../adb/phone-folder.js'
import type { Runner } from './runner.js'

/** Its package. */
export const APP = 'org.tensorflow.lite.benchmark'
const ACTIVITY = `${APP}/.BenchmarkModelActivity`
/** How often the log is read; it is not read while the model runs. */
const POLL_MS = 1000
/** When to check first whether the app still runs. Each later check waits twice as long. */
const FIRST_LOOK_MS = 4000
/** Longest time until the app's first line in the log. */
const START_MS = 30_000
const FILTERS = LOG_TAGS.map((tag) => `${tag}:V`)
const RESULT = 'Inference timings in us:'
/** The header of `dumpsys activity activities`. */
const ACTIVITIES = 'ACTIVITY MANAGER ACTIVITIES'
/** The last line of a tool that refuses a model; then it has not crashed. */
const REFUSAL = /^ERROR: (?:Failed|Disallowed)/
const CLOSE_MS = 10_000
/** No limit in practice: `--timeout` closes the device long before. */
const LONGEST_MS = 3_600_000

type End = 'finished' | 'died'

const INSTALL =
  "install TFLite's benchmark app (adb install -r -d -g android_aarch64_benchmark_model.apk); see " +
  'https://ai.google.dev/edge/litert/models/measurement'

/**
 * The app belongs to the Interpreter's generation and has no `--help` to ask. Its flags leave out two
 * features: outputs, since it may not write where adb can read, and the profile, since Android's log
 * keeps only the first 1023 bytes of it.
 */
const TOOL: Tool = {
  generation: 'interpreter',
  flags: new Set([
    ...[
      'graph',
      'num_threads',
      'warmup_runs',
      'warmup_min_secs',
      'num_runs',
      'min_secs',
      'max_secs',
    ],
    ...['use_gpu', 'use_nnapi', 'report_peak_memory_footprint'],
  ]),
}

/** @throws {LetiError} `usage` if the app is not installed */
export async function checkApp(adb: Adb): Promise<void> {
  const { stdout } = await adb.shell(['pm', 'path', APP])
  if (!stdout.startsWith('package:')) throw new LetiError('usage', INSTALL)
}

/**
 * @param signal ends the wait for other runs
 * @throws {LetiError} `usage` if the app is not installed
 */
export async function openApp(adb: Adb, folder: PhoneFolder, signal: AbortSignal): Promise<Runner> {
  await checkApp(adb)
  return new AppRunner(adb, folder, signal)
}

/**
 * TFLite's benchmark app. It runs in the foreground as other apps do; the GPU has been seen to be twice
 * as fast there as for the binary (TensorFlow issue 63111).
 */
class AppRunner implements Runner {
  readonly name = 'app'
  readonly tool = TOOL
  /** The start in progress, or the last one. */
  private starting: Promise<unknown> = Promise.resolve()
  private isRunning = false

  constructor(
    private readonly adb: Adb,
    private readonly folder: PhoneFolder,
    private readonly signal: AbortSignal,
  ) {}

  async invoke(flags: readonly string[]): Promise<string> {
    const turn = await this.takeTurn()
    try {
      return await this.invokeInTurn(flags)
    } finally {
      turn.release()
    }
  }

  private async invokeInTurn(flags: readonly string[]): Promise<string> {
    const token = `leti-${randomUUID()}`
    const args = [...flags, `--benchmark_name=${token}`].join(' ')
    await wakeUp(this.adb)
    await this.awaitTurn()
    const started = await this.start(args)
    const answer = `${started.stdout}\n${started.stderr}`
    if (started.exitCode !== 0 || /^Error/m.test(answer)) {
      throw new LetiError(
        'device-crashed',
        `the benchmark app did not start: ${complaintOf(answer)}`,
      )
    }
    const result = await this.awaitResult(token)
    this.isRunning = false
    return result
  }

  async close(): Promise<void> {
    // If the app were stopped while it is being started, it would start nevertheless.
    await this.starting.catch(() => undefined)
    const adb = this.adb.withoutSignal()
    if (!this.isRunning && (await this.isShared(adb).catch(() => false))) return
    await adb.shell(['am', 'force-stop', APP], { timeout: CLOSE_MS }).catch(() => undefined)
  }

  private start(args: string): Promise<ShellResult> {
    const command = ['am', 'start', '-S', '-n', ACTIVITY, '--es', 'args', args]
    const started = this.adb.shell(command, { timeout: CLOSE_MS, whole: true })
    this.starting = started
    this.isRunning = true
    return started
  }

  /**
   * There is one app for all runs, and a start ends what it does for another run. Runs of this computer take
   * turns, also those that do not wait for each other (`--no-lock`).
   */
  private takeTurn(): Promise<Lock> {
    const { signal } = this
    const name = `${APP} on ${this.adb.name}`
    return takeLock(name, { signal, measured: () => 0, onWait: () => undefined })
  }

  /** Of a run of another computer, only what it left on the phone tells that the app measures for it. */
  private async awaitTurn(): Promise<void> {
    while ((await this.isShared(this.adb)) && !(await this.findEnd())) await delay(POLL_MS)
  }

  private isShared(adb: Adb): Promise<boolean> {
    return isShared(adb, this.folder, noteOf.app(APP))
  }

  private async awaitResult(token: string): Promise<string> {
    const { pid } = await this.awaitStart(token)
    const end = await this.awaitEnd(pid)
    const { text } = await this.readWhole(token)
    if (text.includes(RESULT)) return text
    throw failure(text, end)
  }

  private async awaitStart(token: string): Promise<AppLog> {
    const latest = performance.now() + START_MS
    for (;;) {
      const log = await this.readLog(token)
      if (log) return log
      if (performance.now() > latest) {
        throw new LetiError('device-crashed', 'the benchmark app started but logged nothing')
      }
      await delay(POLL_MS)
    }
  }

  /**
   * Waits for the result in a logcat on the phone. This computer hardly ever checks on the app, since a
   * check keeps the phone busy.
   */
  private async awaitEnd(pid: number): Promise<End> {
    const done = new AbortController()
    const { signal } = done
    try {
      return await Promise.race([this.awaitResultLine(pid), this.awaitGone(signal)])
    } finally {
      done.abort()
      // End the logcat only now: ended before the race was decided, it would count as a result.
      await this.folder.stop()
    }
  }

  private async awaitResultLine(pid: number): Promise<End> {
    // The folder finds its program by its own path in the command line, so that is passed as a filter,
    // for a tag that nobody uses.
    const filters = [...FILTERS, `${this.folder.path}/:S`]
    const options = ['-m', '1', '-e', RESULT, `--pid=${pid}`]
    await this.folder.run(['logcat', ...options, '-s', ...filters], { timeout: LONGEST_MS })
    return 'finished'
  }

  private async awaitGone(signal: AbortSignal): Promise<End> {
    for (let pause = FIRST_LOOK_MS; ; pause *= 2) {
      await delay(pause, undefined, { signal })
      const end = await this.findEnd()
      if (end) return end
    }
  }

  /** Reads the log until it stops growing, since more lines come after the result. */
  private async readWhole(token: string): Promise<AppLog> {
    for (let before = ''; ;) {
      const log = await this.readLog(token)
      if (!log) throw new LetiError('device-crashed', "the benchmark app's log is gone")
      if (log.text === before) return log
      before = log.text
      await delay(POLL_MS)
    }
  }

  private async readLog(token: string): Promise<AppLog | undefined> {
    const { stdout } = await this.adb.shell(['logcat', '-d', '-v', 'threadtime', '-s', ...FILTERS])
    return parseAppLog(stdout, token)
  }

  /** The app's activity ends with the benchmark. Its process goes on, unless it died. */
  private async findEnd(): Promise<End | undefined> {
    const { stdout: pid } = await this.adb.shell(['pidof', APP])
    if (pid.trim() === '') return 'died'
    const { stdout } = await this.adb.shell(['dumpsys', 'activity', 'activities'])
    return stdout.includes(ACTIVITIES) && !stdout.includes(ACTIVITY) ? 'finished' : undefined
  }
}

function failure(said: string, end: End): LetiError {
  const complaint = complaintOf(said)
  if (end === 'finished' || REFUSAL.test(complaint)) return new LetiError('model-failed', complaint)
  return new LetiError('device-crashed', `the benchmark app died: ${complaint}`)
}
