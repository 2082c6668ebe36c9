import { agree, checkSummary, lastCountLine, MIB, NUMBER, type Report } from './summary.js'
import { notUnderstood } from './complaint.js'

const LOAD = new RegExp(`Initialized session in ${NUMBER}ms`)
const RESULT = new RegExp(`Inference timings in us: .*Inference \\(avg\\): ${NUMBER}[ \\t]*$`, 'm')
const PEAK = new RegExp(`peak memory footprint \\(MB\\) via periodic monitoring: ${NUMBER}`)
const OVERALL = new RegExp(
  `(?:Memory footprint delta from the start of the tool|Peak memory footprint) \\(MB\\): ` +
    `init=\\S+ overall=${NUMBER}`,
)

/**
 * Parses the output of the TFLite Interpreter's `benchmark_model` (TensorFlow,
 * `lite/tools/benchmark/benchmark_model.cc`), from the terminal or from Android's log.
 *
 * @throws {LetiError} `model-failed` if the output is not understood
 */
export function parseInterpreter(text: string): Report {
  const load = LOAD.exec(text)?.[1]
  const average = RESULT.exec(text)?.[1]
  const summary = lastCountLine(text)
  // The average is printed twice. If characters got lost, the two seldom agree.
  if (load === undefined || !summary || !agree(summary.mean, Number(average) / 1000)) {
    throw notUnderstood(text)
  }
  const peak = PEAK.exec(text)?.[1] ?? OVERALL.exec(text)?.[1]
  return {
    loadMs: Number(load),
    summary: checkSummary(summary),
    ...(Number(peak) > 0 && { peakMemoryBytes: Math.round(Number(peak) * MIB) }),
  }
}
