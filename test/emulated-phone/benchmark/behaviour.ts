/** How the emulated benchmark tool behaves; the phone writes it to a file that the tool reads. */
export interface BenchmarkBehaviour {
  /** How many operators the GPU or NNAPI delegate takes; all of them where it is absent. */
  readonly delegatedNodes?: number
  /** In how many delegate kernels those operators lie. */
  readonly delegateKernels?: number
  /** Whether this phone has a GPU delegate at all. */
  readonly gpuUnsupported?: boolean
  /** The older text of the tool: no percentiles, and a profile with a [start] column. */
  readonly old?: boolean
  readonly fault?: BenchmarkFault
  /** Only the N-th different model from when this was set has the fault; every one where it is absent. */
  readonly atModel?: number
}

/**
 * - hang: goes on for ever after loading the model
 * - crash: a segmentation fault in the first inference
 * - fail: the delegate cannot be applied; exit code 1
 * - garbled: the statistics are no text
 * - die: the process is killed in the middle of a line of its results
 * - wrong-output: the numbers in the output file are wrong
 * - hang-help: never answers `--help`, and is well otherwise
 */
export type BenchmarkFault =
  'hang' | 'crash' | 'fail' | 'garbled' | 'die' | 'wrong-output' | 'hang-help'

/** The variable that names the file. Beside it the tool notes the models that it has run. */
export const BEHAVIOUR_FILE = 'EMULATED_PHONE_BENCHMARK'

export const modelsFile = (behaviourFile: string): string => `${behaviourFile}.models`
