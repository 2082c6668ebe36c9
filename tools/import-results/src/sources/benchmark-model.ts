import { basename } from 'node:path'
import { parseBenchmarkOutput } from '@leti/devices/benchmark-output'
import { safeId } from '../safe-id.js'
import type { Found, ResultsFile } from '../source.js'

/** Delegates as the tool names them when it has made one. */
const DELEGATES: readonly (readonly [pattern: RegExp, backend: string])[] = [
  [/Use gpu: \[1\]|TfLiteGpuDelegate|delegate for GPU/, 'gpu'],
  [/Use NNAPI: \[1\]|NNAPI delegate/, 'nnapi'],
  [/Use Hexagon: \[1\]|TfLiteHexagonDelegate/, 'hexagon'],
]

/** The output of TFLite's or LiteRT's `benchmark_model`, saved in a file: one network. */
export function* benchmarkModel({ name, text }: ResultsFile): Generator<Found> {
  const output = parseBenchmarkOutput(text)
  const graph = /^(?:INFO: )?Graph: \[(.+)\]$/m.exec(text)?.[1]
  const threads = /^(?:INFO: )?(?:Num threads|#threads used for CPU inference): \[(\d+)\]$/m.exec(
    text,
  )?.[1]
  // The tool lists its parameters, the graph among them: without a delegate there, it ran on the CPU.
  const backend = DELEGATES.find(([pattern]) => pattern.test(text))?.[1] ?? (graph && 'cpu')
  const { latency, loadMs, peakMemoryBytes, kernels, delegation } = output
  const record = {
    id: safeId(basename(graph ?? name).replace(/\.(tflite|txt|log)$/, '')),
    measurement: {
      runtime: 'benchmark_model',
      ...(backend !== undefined && { backend }),
      ...(threads !== undefined && { threads: Number(threads) }),
      latency_ms: latency,
      load_ms: loadMs,
      ...(peakMemoryBytes !== undefined && { peak_memory_bytes: peakMemoryBytes }),
      ...(kernels.length > 0 && { kernels: [...kernels] }),
      ...(delegation && backend !== 'cpu' && { delegation }),
    },
  }
  yield { record, place: name }
}
