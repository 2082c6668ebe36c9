import type { Delegation, KernelTime, LatencyStatistics } from '@leti/records'
import { parseDelegation } from './targets/android-tflite/delegation.js'
import { parseCompiledModel } from './targets/android-tflite/compiled-model.js'
import { parseInterpreter } from './targets/android-tflite/interpreter.js'
import { parseProfile } from './targets/android-tflite/profile-table.js'
import { combineSummaries } from './targets/android-tflite/statistics.js'

/** What a file with the output of `benchmark_model` says. */
export interface BenchmarkOutput {
  readonly latency: LatencyStatistics
  readonly loadMs: number
  readonly peakMemoryBytes?: number
  /** Empty without a profile. */
  readonly kernels: readonly KernelTime[]
  readonly delegation?: Delegation
}

/**
 * Parses the saved output of TFLite's or LiteRT's `benchmark_model`.
 *
 * @throws {LetiError} `model-failed` if it is not understood
 */
export function parseBenchmarkOutput(text: string): BenchmarkOutput {
  const parse = text.includes('Model initialization:') ? parseCompiledModel : parseInterpreter
  const { loadMs, summary, peakMemoryBytes } = parse(text)
  const delegation = parseDelegation(text)
  return {
    latency: combineSummaries([summary]),
    loadMs,
    ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
    kernels: parseProfile(text),
    ...(delegation && { delegation }),
  }
}
