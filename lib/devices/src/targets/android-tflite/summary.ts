import { LetiError } from '@leti/records'
import { notUnderstood } from './complaint.js'

/** The tool's statistics of the runs of one invocation, in ms. */
export interface Summary {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly std: number
  /** Only newer builds report it. */
  readonly median?: number
}

/** What one invocation of the tool reports. */
export interface Report {
  readonly loadMs: number
  readonly summary: Summary
  readonly peakMemoryBytes?: number
}

/** Pattern of a number as C++ streams and printf write it. */
export const NUMBER = '(\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)'

export const MIB = 1024 * 1024

/** Largest rounding errors: the tool prints six digits, or hundredths of a millisecond. */
const ROUNDING = 1e-4
const ROUNDING_MS = 0.01

/**
 * Checks that the numbers of a summary are possible: positive, and consistent with each other.
 *
 * @throws {LetiError} `model-failed` if they are not
 */
export function checkSummary(summary: Summary): Summary {
  const { count, min, max, mean, std, median = mean } = summary
  const slack = ROUNDING * max + ROUNDING_MS
  const within = (value: number): boolean => value >= min - slack && value <= max + slack
  const isPossible =
    Number.isInteger(count) &&
    count >= 1 &&
    [min, max, mean, median].every((value) => Number.isFinite(value) && value > 0) &&
    within(mean) &&
    within(median) &&
    min <= max &&
    std >= 0 &&
    std <= max - min + slack
  if (isPossible) return summary
  throw new LetiError('model-failed', `impossible timings: ${JSON.stringify(summary)}`)
}

/** Whether two numbers are equal up to the tool's rounding. */
export function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= ROUNDING * Math.max(a, b) + ROUNDING_MS
}

/**
 * Parses the last `count=...` line, which has the statistics of the regular runs; an earlier one has
 * those of the warm-up. Both generations of the tool print it (TensorFlow,
 * `StatWithPercentiles::OutputToStream`): `count=3 first=9 curr=8 min=8 max=9 avg=8.3 std=0`, since 2024
 * followed by ` p5=8 median=8 p95=9`. It is shorter if all runs took the same time, or if there were none.
 *
 * @returns `undefined` if there is no such line
 * @throws {LetiError} `model-failed` if such a line is garbled
 */
export function lastCountLine(text: string): Summary | undefined {
  const lines = text.match(/^(?:INFO: )?count=.*$/gm) ?? []
  const matches = lines.map((line) => {
    const match = COUNT_LINE.exec(line) ?? NO_RUNS.exec(line)
    if (!match) throw notUnderstood(text)
    return match.groups
  })
  return matches.length > 0 ? toSummary(matches.at(-1) ?? {}) : undefined
}

function toSummary(fields: Readonly<Record<string, string | undefined>>): Summary {
  const ms = (name: string): number => Number(fields[name] ?? fields.curr) / 1000
  return {
    count: Number(fields.count ?? 0),
    min: ms('min'),
    max: ms('max'),
    mean: ms('avg'),
    std: fields.std === undefined ? 0 : Number(fields.std) / 1000,
    ...(fields.median !== undefined && { median: ms('median') }),
  }
}

const field = (name: string): string => `${name}=(?<${name}>${NUMBER.slice(1, -1)})`
const COUNT_LINE = new RegExp(
  `^(?:INFO: )?count=(?<count>\\d+)(?: first=\\S+)? ${field('curr')}(?:\\(all same\\))?` +
    `(?: ${field('min')} ${field('max')} ${field('avg')} ${field('std')})?` +
    `(?: p5=\\S+ ${field('median')} p95=\\S+)?[ \\t]*$`,
)
const NO_RUNS = /^(?:INFO: )?count=0(?: |$)/
