import type { Delegation } from '@leti/records'
import { partialDelegation } from '../../delegation.js'
import type { Protocol } from '../../protocol.js'
import type { Run } from '../../target.js'
import { provesFullDelegation, toFlags, type Invocation } from './command.js'
import { parseCompiledModel } from './compiled-model.js'
import { parseDelegation } from './delegation.js'
import { parseInterpreter } from './interpreter.js'
import { parseProfile } from './profile-table.js'
import { checkProfile, type Runner } from './runner.js'
import { combineSummaries, FEWEST, isSettled } from './statistics.js'
import type { Report, Summary } from './summary.js'

/** How a model on the phone is run. */
export interface Setting {
  readonly runner: Runner
  readonly backend: string
  readonly threads: number
  /** The model's path on the phone. */
  readonly graph: string
  /** Absent if the tool takes no inputs or writes no outputs. */
  readonly exchange?: Exchange
}

/** The model's inputs and outputs, as files on the phone. */
export interface Exchange extends Required<Pick<Invocation, 'inputs' | 'output'>> {
  /** All elements of the outputs of the last invocation. */
  readOutput(): Promise<readonly number[]>
}

/** The least number of runs and the least time of an invocation: a short disturbance must not count. */
const MIN_RUNS = 10
const MIN_SECONDS = 1
const WARM_UP_SECONDS = 0.5
/** Loading and running together take at most this many times `maxSeconds`. */
const WITH_LOADING = 3

/**
 * Measures a model: one invocation of the tool for the first run, then more until they agree or the time
 * is spent, and one for the profile.
 *
 * @throws {LetiError} `model-failed`, `partial-delegation`, `device-crashed`, `device-lost`,
 *   `unsupported` if the tool gives no profile
 */
export async function measureModel(setting: Setting, protocol: Protocol): Promise<Run> {
  if (protocol.profile) checkProfile(setting.runner)
  const first = await invoke(setting, protocol, { ...FIRST_RUN, maxSeconds: protocol.maxSeconds })
  const delegation = checkDelegation(first.said, setting, protocol)
  const firstOutput = await setting.exchange?.readOutput()
  const summaries = await sampleRuns(setting, protocol)
  const lastOutput = await setting.exchange?.readOutput()
  const kernels = protocol.profile ? await profile(setting, protocol) : undefined
  const { peakMemoryBytes } = first.report
  return {
    latency: { statistics: combineSummaries(summaries) },
    loadMs: first.report.loadMs,
    firstRunMs: first.report.summary.mean,
    ...(firstOutput && lastOutput && { firstOutput, lastOutput }),
    ...(kernels && kernels.length > 0 && { kernels }),
    ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
    ...(delegation && { delegation }),
  }
}

const FIRST_RUN = { warmUpRuns: 0, warmUpSeconds: 0, minRuns: 1, minSeconds: 0, memory: true }

/**
 * Invokes the tool until `maxSeconds` of runs are spent. Each invocation loads the model again, which the
 * deadline limits. If less than `MIN_SECONDS` are left, no further invocation is made: it would be too
 * short to count as much as the others.
 */
async function sampleRuns(setting: Setting, protocol: Protocol): Promise<Summary[]> {
  const { precision, maxSeconds } = protocol
  const deadline = performance.now() + WITH_LOADING * maxSeconds * 1000
  const summaries: Summary[] = []
  let left = maxSeconds
  do {
    const { report } = await invoke(setting, protocol, sampling(left))
    const { count, mean } = report.summary
    summaries.push(report.summary)
    left = Math.max(Math.round(1000 * left - count * mean) / 1000, 0)
  } while (
    left > (summaries.length < FEWEST ? 0 : MIN_SECONDS) &&
    performance.now() < deadline &&
    !isSettled(summaries, precision)
  )
  return summaries
}

function sampling(maxSeconds: number) {
  return {
    warmUpRuns: 1,
    warmUpSeconds: Math.min(WARM_UP_SECONDS, maxSeconds / 2),
    minRuns: MIN_RUNS,
    minSeconds: Math.min(MIN_SECONDS, maxSeconds),
    maxSeconds,
  }
}

/** An invocation of its own, since profiling slows down the runs. */
async function profile(setting: Setting, protocol: Protocol) {
  const { said } = await invoke(setting, protocol, { ...sampling(MIN_SECONDS), profile: true })
  return parseProfile(said)
}

type Amount = Pick<
  Invocation,
  'warmUpRuns' | 'warmUpSeconds' | 'minRuns' | 'minSeconds' | 'maxSeconds' | 'memory' | 'profile'
>

async function invoke(
  { runner, backend, threads, graph, exchange }: Setting,
  { requireFullDelegation }: Protocol,
  amount: Amount,
): Promise<{ said: string; report: Report }> {
  const { tool } = runner
  const how = { graph, backend, threads, requireFullDelegation }
  const said = await runner.invoke(toFlags(tool, { ...how, ...exchange, ...amount }))
  const parse = tool.generation === 'interpreter' ? parseInterpreter : parseCompiledModel
  return { said, report: parse(said) }
}

function checkDelegation(
  said: string,
  { backend, runner }: Setting,
  { requireFullDelegation }: Protocol,
): Delegation | undefined {
  if (backend === 'cpu') return undefined
  const parsed = parseDelegation(said)
  if (!requireFullDelegation) return parsed
  // The tool was told to fail on partial delegation, and succeeded.
  const isProven = parsed === undefined && provesFullDelegation(runner.tool)
  const delegation = isProven ? { full: true } : parsed
  if (delegation?.full) return delegation
  throw partialDelegation(delegation, backend)
}
