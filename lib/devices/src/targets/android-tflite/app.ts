import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import { Adb } from '../../adb/adb.js'
import type { Tool } from './command.js'
import { complaintOf } from './complaint.js'
import { LOG_TAGS, parseAppLog, type AppLog } from './logcat.js'
import type { Runner } from './runner.js'

const PACKAGE = 'org.tensorflow.lite.benchmark'
const ACTIVITY = `${PACKAGE}/.BenchmarkModelActivity`
/** Seldom enough to leave the phone to the benchmark. */
const POLL_MS = 1000
/** An app that has said nothing by then has not started. */
const START_MS = 30_000
const RESULT = 'Inference timings in us:'
/** The head of `dumpsys activity activities`. */
const ACTIVITIES = 'ACTIVITY MANAGER ACTIVITIES'
/** The last word of a tool that gives up, and has not crashed. */
const REFUSAL = /^ERROR: (?:Failed|Disallowed)/
const CLOSE_MS = 10_000

const INSTALL =
  "install TFLite's benchmark app (adb install -r -d -g android_aarch64_benchmark_model.apk); see " +
  'https://ai.google.dev/edge/litert/models/measurement'

/**
 * The app is of the Interpreter's generation, and cannot be asked what it can. It may not write where
 * adb reads: it gives no outputs. It would give a profile, of which Android's log keeps no more than the
 * first 1023 bytes.
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

/** @throws {LetiError} `usage` where the app is not installed */
export async function openApp(adb: Adb): Promise<Runner> {
  const { stdout } = await adb.shell(['pm', 'path', PACKAGE])
  if (!stdout.startsWith('package:')) throw new LetiError('usage', INSTALL)
  return new AppRunner(adb)
}

/**
 * TFLite's benchmark app, which runs as apps do, in the foreground: its GPU has been seen twice as fast
 * as that of the binary (TensorFlow issue 63111).
 */
class AppRunner implements Runner {
  readonly name = 'app'
  readonly tool = TOOL

  constructor(private readonly adb: Adb) {}

  async invoke(flags: readonly string[]): Promise<string> {
    const token = `leti-${randomUUID()}`
    const args = [...flags, `--benchmark_name=${token}`].join(' ')
    // In the foreground means on a screen that is on; a phone without these commands does as it can.
    await this.adb.shell(['input', 'keyevent', 'KEYCODE_WAKEUP'])
    await this.adb.shell(['wm', 'dismiss-keyguard'])
    const started = await this.adb.shell([
      'am',
      'start',
      '-S',
      '-n',
      ACTIVITY,
      '--es',
      'args',
      args,
    ])
    const answer = `${started.stdout}\n${started.stderr}`
    if (started.exitCode !== 0 || /^Error/m.test(answer)) {
      throw new LetiError(
        'device-crashed',
        `the benchmark app did not start: ${complaintOf(answer)}`,
      )
    }
    return this.awaitResult(token)
  }

  async close(): Promise<void> {
    const adb = new Adb(this.adb.serial)
    await adb.shell(['am', 'force-stop', PACKAGE], { timeout: CLOSE_MS }).catch(() => undefined)
  }

  /** Reads the log until it has the result and stands still, or the app has gone without one. */
  private async awaitResult(token: string): Promise<string> {
    const latestStart = performance.now() + START_MS
    let before: AppLog | undefined
    for (;;) {
      // Asked before the log is read: what has gone has said all.
      const end = before && (await this.findEnd())
      const log = await this.readLog(token)
      if (log?.text.includes(RESULT)) {
        if (log.text === before?.text) return log.text
      } else if (log && end) throw failure(log.text, end)
      else if (!log && performance.now() > latestStart) {
        throw new LetiError('device-crashed', 'the benchmark app started and said nothing')
      }
      before = log
      await delay(POLL_MS)
    }
  }

  private async readLog(token: string): Promise<AppLog | undefined> {
    const filters = LOG_TAGS.map((tag) => `${tag}:V`)
    const { stdout } = await this.adb.shell(['logcat', '-d', '-v', 'threadtime', '-s', ...filters])
    return parseAppLog(stdout, token)
  }

  /** The app's activity ends with the benchmark; its process lives on, unless it died. */
  private async findEnd(): Promise<'finished' | 'died' | undefined> {
    const { stdout: pid } = await this.adb.shell(['pidof', PACKAGE])
    if (pid.trim() === '') return 'died'
    const { stdout } = await this.adb.shell(['dumpsys', 'activity', 'activities'])
    return stdout.includes(ACTIVITIES) && !stdout.includes(ACTIVITY) ? 'finished' : undefined
  }
}

function failure(said: string, end: 'finished' | 'died'): LetiError {
  const complaint = complaintOf(said)
  if (end === 'finished' || REFUSAL.test(complaint)) return new LetiError('model-failed', complaint)
  return new LetiError('device-crashed', `the benchmark app died: ${complaint}`)
}
