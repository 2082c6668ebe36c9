import type { Predictor } from '@leti/predictors'
import { isObject, type LetiRecord, type Measurement } from '@leti/records'
import type { StepRow } from './data.js'
import { shellWord } from './shell-word.js'

interface Setting {
  readonly first: Measurement
  /** Least and greatest. */
  readonly starts: [string, string] | []
  readonly runs: [number, number] | []
  readonly flags: Map<string, number>
  records: number
  verified: number
  detrended: number
  visits: number
  isProfiled: boolean
}

/** The commands that made the records, as far as these tell. What they do not tell is left out. */
export class Made {
  private readonly settings: Setting[] = []
  private readonly predictions = new Map<string, number>()
  private readonly searches = new Map<string, number>()

  /** @param index of the measurement's device and setting */
  addMeasured(index: number, measurement: Measurement): void {
    const own = (this.settings[index] ??= {
      first: measurement,
      starts: [],
      runs: [],
      flags: new Map(),
      records: 0,
      verified: 0,
      detrended: 0,
      visits: 1,
      isProfiled: false,
    })
    const { verified, kernels, started_at, visit = 1, raw, quality, latency_ms } = measurement
    own.records++
    own.verified += verified ? 1 : 0
    own.detrended += raw ? 1 : 0
    own.visits = Math.max(own.visits, visit, quality?.visits ?? 1)
    own.isProfiled ||= kernels !== undefined
    widen(own.starts, started_at)
    widen(own.runs, latency_ms.count)
    for (const flag of quality?.flags ?? []) count(own.flags, flag)
  }

  /** Counts the predictions and the searches that records come with. */
  addFound({ prediction, search }: LetiRecord): void {
    if (prediction) count(this.predictions, prediction.predictor)
    if (!isObject(search)) return
    const { objective, budget_ms: budget, risk } = search
    const words = [
      ...(typeof budget === 'number' ? ['--budget-ms', `${budget}`] : []),
      ...(typeof risk === 'number' ? ['--risk', `${risk}`] : []),
    ]
    count(this.searches, JSON.stringify([words, typeof objective === 'string' ? objective : '']))
  }

  /**
   * @param names of the settings
   * @param predictors files that were given
   */
  steps(names: readonly string[], predictors: readonly Predictor[]): StepRow[] {
    const measured = this.settings.map((setting, i) => measuring(setting, names[i]))
    const detrended = this.settings.reduce((sum, own) => sum + own.detrended, 0)
    return [
      ...measured,
      ...(detrended
        ? [{ tool: 'detrend', command: 'detrend', facts: of('Records', detrended) }]
        : []),
      ...predictors.map(training),
      ...[...this.predictions].map(([name, found]) => ({
        tool: 'predict',
        command: 'predict',
        facts: { Predictor: name, ...of('Predictions', found) },
      })),
      ...[...this.searches].map(searching),
    ]
  }
}

function measuring(setting: Setting, name: string): StepRow {
  const { first, records, verified, visits, starts, runs, flags } = setting
  const flagged = [...flags].map(([flag, found]) => `${flag}: ${found}`)
  return {
    tool: 'measured',
    device: name,
    // Tables of others have no outputs to verify.
    ...(first.verified !== undefined && { command: deviceRun(setting) }),
    facts: {
      ...of('Records', records),
      ...(first.target !== undefined && { Target: first.target }),
      ...(first.runtime !== undefined && { Runtime: first.runtime }),
      ...(visits > 1 && of('Visits', visits)),
      ...(runs.length && { Runs: range(runs) }),
      ...(first.verified !== undefined && { 'Outputs checked': `${verified} of ${records}` }),
      ...(starts.length && { Started: range(starts) }),
      ...(flagged.length && { 'May be disturbed': flagged.join(', ') }),
    },
  }
}

function deviceRun({ first, visits, isProfiled }: Setting): string {
  const { device, backend, threads, runtime, target, environment } = first
  const words = ['device-run', '--device', device]
  if (runtime !== undefined) words.push('--runtime', runtime.split('@')[0])
  if (backend !== undefined) words.push('--backend', backend)
  const isThreaded = backend === 'wasm' || target === 'android-tflite'
  if (threads !== undefined && isThreaded) words.push('--threads', `${threads}`)
  if (environment?.clock === 'cpu') words.push('--clock', 'cpu')
  if (visits > 1) words.push('--visits', `${visits}`)
  if (isProfiled) words.push('--profile')
  return words.map(shellWord).join(' ')
}

function training({ name, file }: Predictor): StepRow {
  const { model, target, statistic, training: set, cross_validation: folds } = file
  const words = ['train', '--model', model]
  if (target !== 'linear') words.push('--target', target)
  if (statistic !== undefined) words.push('--statistic', statistic)
  words.push('--folds', `${folds.folds}`, '--seed', `${folds.seed}`)
  return {
    tool: 'train',
    device: [file.device, file.backend].filter((part) => part !== undefined).join('/'),
    command: words.map(shellWord).join(' '),
    facts: {
      Predictor: name,
      ...of('Networks', set.count),
      ...(set.measurements !== undefined && of('Measurements', set.measurements)),
      ...(file.runtime !== undefined && { Runtime: file.runtime }),
      Spaces: file.spaces.join(', '),
    },
  }
}

function searching([key, found]: [string, number]): StepRow {
  const [words, objective] = JSON.parse(key) as [string[], string]
  return {
    tool: 'search',
    command: ['search', ...words].join(' '),
    facts: { ...(objective && { Objective: objective }), ...of('Networks', found) },
  }
}

function of(name: string, count: number): Record<string, string> {
  return { [name]: count.toLocaleString('en') }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function range([min, max]: readonly unknown[]): string {
  return min === max ? String(min) : `${String(min)} to ${String(max)}`
}

/** Makes a range that holds a value too. */
function widen<T extends string | number>(bounds: [T, T] | [], value: T | undefined): void {
  if (value === undefined) return
  const [min = value, max = value] = bounds
  bounds.splice(0, 2, value < min ? value : min, value > max ? value : max)
}
