/** The loop of tflite/tools/benchmark/benchmark_model.cc: runs the model and times the runs. */
import { setTimeout as delay } from 'node:timers/promises'
import type { FlagValue } from './flags.js'
import type { RunnableModel } from './litert.js'
import { tool } from './log.js'
import { general, summary } from './statistics.js'

export interface Session {
  readonly model: RunnableModel
  readonly flags: Readonly<Record<string, FlagValue>>
  /** Microseconds from the start of loading until the model could run. */
  readonly initUs: number
  readonly modelBytes: number
  /** Resident memory in bytes before and after loading. */
  readonly memory: { readonly start: number; readonly init: number }
}

export interface Times {
  readonly warmUp: number[]
  readonly inference: number[]
  readonly overallMemory: number
  /** In bytes; absent if it was not requested. */
  readonly peakMemory?: number
}

export interface MeasureHooks {
  readonly percentiles: boolean
  /** Prints the line of statistics. */
  readonly print: (line: string) => void
  readonly beforeRun: () => void
}

export async function measure(session: Session, hooks: MeasureHooks): Promise<Times> {
  const { flags } = session
  const monitor = monitorMemory(Boolean(flags.report_peak_memory_footprint))
  const [warmUps, runs] = flags.dry_run
    ? [
        [0, -1],
        [0, -1],
      ]
    : [
        [Number(flags.warmup_runs), Number(flags.warmup_min_secs)],
        [Number(flags.num_runs), Number(flags.min_secs)],
      ]
  const warmUp = await repeat(session, warmUps, hooks)
  const inference = await repeat(session, runs, hooks)
  return {
    warmUp,
    inference,
    overallMemory: process.memoryUsage.rss(),
    peakMemory: monitor.stop(),
  }
}

async function repeat(
  { model, flags }: Session,
  [runs, minSecs]: number[],
  hooks: MeasureHooks,
): Promise<number[]> {
  const maxSecs = Number(flags.max_secs)
  tool.info(
    `Running benchmark for at least ${runs} iterations and at least ${general(minSecs)} seconds ` +
      `but terminate if exceeding ${general(maxSecs)} seconds.`,
  )
  const times: number[] = []
  const start = performance.now()
  let elapsed = 0
  while ((times.length < runs || elapsed < minSecs) && elapsed <= maxSecs) {
    hooks.beforeRun()
    const began = performance.now()
    await model.run()
    times.push(Math.round((performance.now() - began) * 1000))
    if (Number(flags.run_delay) > 0) await delay(Number(flags.run_delay) * 1000)
    elapsed = (performance.now() - start) / 1000
  }
  hooks.print(`${summary(times, hooks.percentiles)}\n`)
  return times
}

function monitorMemory(wanted: boolean): { stop(): number | undefined } {
  if (!wanted) return { stop: () => undefined }
  return { stop: () => process.resourceUsage().maxRSS * 1024 }
}
