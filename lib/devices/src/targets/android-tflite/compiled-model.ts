import { notUnderstood } from './complaint.js'
import { agree, checkSummary, lastCountLine, MIB, NUMBER, type Report } from './summary.js'

const HEADER = '========== BENCHMARK RESULTS =========='

/**
 * Parses the output of LiteRT's `benchmark_model` for CompiledModel (LiteRT,
 * `litert/tools/benchmark_litert_model.h`): a block of results in ms, whose lines may start with
 * `INFO: [file:line]`. A `count=` line before the block has the same numbers with more digits, in newer
 * builds also the median; it is used if it is present and agrees with the block.
 *
 * @throws {LetiError} `model-failed` if the output is not understood
 */
export function parseCompiledModel(text: string): Report {
  const header = text.lastIndexOf(HEADER)
  const block = header < 0 ? '' : text.slice(header)
  const value = (name: string): number => Number(lineOf(name).exec(block)?.[1] ?? NaN)
  const loadMs = value('Model initialization')
  const printed = {
    count: Number(/Inference \(avg\): .* \((\d+) runs\)/.exec(block)?.[1] ?? NaN),
    min: value('Inference (min)'),
    max: value('Inference (max)'),
    mean: value('Inference (avg)'),
    std: value('Inference (std)'),
  }
  if (![loadMs, ...Object.values(printed)].every(Number.isFinite)) throw notUnderstood(text)
  const precise = lastCountLine(text.slice(0, header))
  if (precise && !(precise.count === printed.count && agree(precise.mean, printed.mean))) {
    throw notUnderstood(text)
  }
  const peak = value('Peak memory') || value('Overall footprint')
  return {
    loadMs,
    summary: checkSummary(precise ?? printed),
    ...(peak > 0 && { peakMemoryBytes: Math.round(peak * MIB) }),
  }
}

function lineOf(name: string): RegExp {
  const literal = name.replace(/[()]/g, '\\$&')
  return new RegExp(
    `^(?:INFO: )?(?:\\[[^\\]]*\\] )?${literal}: +${NUMBER}(?: ms| MB|[ \\t]*$)`,
    'm',
  )
}
