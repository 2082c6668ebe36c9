/** The two generations of the tool: they share a name, but differ in flags and output. */
type Generation = 'interpreter' | 'compiled-model'

/** A build of the tool. Its flags tell what it can do. */
export interface Tool {
  readonly generation: Generation
  readonly flags: ReadonlySet<string>
}

/** Flags that only the CompiledModel has; not every build has all of them. */
const COMPILED_MODEL = ['use_cpu', 'use_npu', 'use_profiler', 'dispatch_library_path']

/**
 * Parses the tool's `--help`: a line `\t--num_runs=50\tint32\toptional\t...` for each flag.
 *
 * @returns `undefined` if it is another program
 */
export function parseHelp(text: string): Tool | undefined {
  const flags = new Set([...text.matchAll(/^\s*--([a-z0-9_]+)=/gm)].map(([, name]) => name))
  if (!flags.has('graph') || !flags.has('num_runs')) return undefined
  const isCompiledModel = COMPILED_MODEL.some((name) => flags.has(name))
  return { generation: isCompiledModel ? 'compiled-model' : 'interpreter', flags }
}

/** One invocation of the tool. */
export interface Invocation {
  /** The model's path on the phone. */
  readonly graph: string
  readonly backend: string
  readonly threads: number
  readonly warmUpRuns: number
  readonly warmUpSeconds: number
  readonly minRuns: number
  readonly minSeconds: number
  readonly maxSeconds: number
  readonly requireFullDelegation: boolean
  readonly profile?: boolean
  readonly memory?: boolean
  /** Values of the model's inputs, in order. */
  readonly inputs?: readonly InputFile[]
  /** Path on the phone for the outputs of the last run. */
  readonly output?: string
}

export interface InputFile {
  readonly shape: readonly number[]
  /** Path on the phone; the file holds little-endian float32 values. */
  readonly path: string
}

/** The flag that makes the tool time operators one by one. */
export const PROFILE: Readonly<Record<Generation, string>> = {
  interpreter: 'enable_op_profiling',
  'compiled-model': 'use_profiler',
}

/** The tool's arguments, without flags that the build does not know. */
export function toFlags(tool: Tool, invocation: Invocation): string[] {
  const { inputs, output } = invocation
  const flags: Record<string, string | number | boolean | undefined> = {
    graph: invocation.graph,
    num_threads: invocation.threads,
    warmup_runs: invocation.warmUpRuns,
    warmup_min_secs: invocation.warmUpSeconds,
    num_runs: invocation.minRuns,
    min_secs: invocation.minSeconds,
    max_secs: invocation.maxSeconds,
    ...backendFlags(tool, invocation),
    [PROFILE[tool.generation]]: invocation.profile,
    report_peak_memory_footprint: invocation.memory,
    ...(inputs && inputFlags(inputs)),
    output_filepath: output,
  }
  return Object.entries(flags)
    .filter(([name, value]) => value !== undefined && tool.flags.has(name))
    .map(([name, value]) => `--${name}=${String(value)}`)
}

/** Whether the tool takes inputs and writes outputs. */
export function givesOutputs({ flags }: Tool): boolean {
  return flags.has('output_filepath') && flags.has('input_layer_value_files')
}

/**
 * Whether the tool itself fails if the accelerator does not run the whole model, so that its success
 * proves full delegation. The CompiledModel may print nothing about it. The Interpreter's own check is
 * not used, since its output shows the same.
 */
export function provesFullDelegation({ generation, flags }: Tool): boolean {
  return generation === 'compiled-model' && flags.has('require_full_delegation')
}

/**
 * Sets all flags of the CompiledModel, since its defaults differ from build to build. It refuses to
 * check for full delegation if the CPU is allowed too.
 */
function backendFlags(
  tool: Tool,
  { backend, requireFullDelegation }: Invocation,
): Record<string, boolean> {
  const accelerator = backend === 'cpu' ? {} : { [`use_${backend}`]: true }
  if (tool.generation === 'interpreter') return accelerator
  const check = backend !== 'cpu' && requireFullDelegation && provesFullDelegation(tool)
  return { ...accelerator, use_cpu: !check, require_full_delegation: check }
}

/** The tool accepts any names for the inputs, as long as all are given, in order. */
function inputFlags(inputs: readonly InputFile[]): Record<string, string> {
  const names = inputs.map((_input, index) => `input${index}`)
  return {
    input_layer: names.join(','),
    input_layer_shape: inputs.map(({ shape }) => shape.join(',')).join(':'),
    input_layer_value_files: inputs.map(({ path }, index) => `${names[index]}:${path}`).join(','),
  }
}
