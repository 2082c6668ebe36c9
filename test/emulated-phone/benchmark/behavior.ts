/** How the emulated benchmark tool behaves. The phone writes it to a file, which the tool reads. */
export interface BenchmarkBehavior {
  /** How many operators the GPU or NNAPI delegate runs; default: all of them. */
  readonly delegatedNodes?: number
  /** The number of delegate kernels that contain those operators. */
  readonly delegateKernels?: number
  /** Whether this phone has no GPU delegate. */
  readonly gpuUnsupported?: boolean
  /** Whether the tool prints as older builds: no percentiles, and a profile with a [start] column. */
  readonly old?: boolean
  readonly fault?: BenchmarkFault
  /** Only the N-th distinct model since this was set has the fault; default: every model. */
  readonly atModel?: number
}

/**
 * - hang: never ends after loading the model
 * - crash: a segmentation fault in the first inference
 * - fail: the delegate cannot be applied; exit code 1
 * - garbled: the statistics are random bytes
 * - die: the process is killed while it prints a line of its results
 * - wrong-output: the numbers in the output file are wrong
 * - hang-help: `--help` does not end; everything else works
 */
export type BenchmarkFault =
  'hang' | 'crash' | 'fail' | 'garbled' | 'die' | 'wrong-output' | 'hang-help'

/** The environment variable that names the file. The tool lists the models that it ran beside it. */
export const BEHAVIOR_FILE = 'EMULATED_PHONE_BENCHMARK'

export const modelsFile = (behaviorFile: string): string => `${behaviorFile}.models`
