/** The two generations of the tool, which share a name and little else. */
type Generation = 'interpreter' | 'compiled-model'

/** A build of the tool: what it can do is known by its flags. */
export interface Tool {
  readonly generation: Generation
  readonly flags: ReadonlySet<string>
}

/** Flags of the CompiledModel alone; not every build has all. */
const COMPILED_MODEL = ['use_cpu', 'use_npu', 'use_profiler', 'dispatch_library_path']

/**
 * Reads what the tool prints for `--help`: `\t--num_runs=50\tint32\toptional\t...` for every flag.
 *
 * @returns undefined where it is not TFLite's benchmark
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
  /** What the model's inputs are filled with, in their order. */
  readonly inputs?: readonly InputFile[]
  /** Where the outputs of the last run go, on the phone. */
  readonly output?: string
}

export interface InputFile {
  readonly shape: readonly number[]
  /** On the phone: float32, little-endian. */
  readonly path: string
}

/** The flag for the times of the operators one by one. */
export const PROFILE: Readonly<Record<Generation, string>> = {
  interpreter: 'enable_op_profiling',
  'compiled-model': 'use_profiler',
}

/** The tool's arguments. Flags that a build does not know it would ignore: they are left out. */
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

/** Whether the tool can be given inputs and gives its outputs. */
export function givesOutputs({ flags }: Tool): boolean {
  return flags.has('output_filepath') && flags.has('input_layer_value_files')
}

/**
 * Whether success is the proof where all of the model had to run on the accelerator. The CompiledModel
 * may say nothing of it; the Interpreter's own check says no more than what its output says anyway.
 */
export function provesFullDelegation({ generation, flags }: Tool): boolean {
  return generation === 'compiled-model' && flags.has('require_full_delegation')
}

/** The CompiledModel's defaults differ from build to build; it refuses the check beside the CPU. */
function backendFlags(
  tool: Tool,
  { backend, requireFullDelegation }: Invocation,
): Record<string, boolean> {
  const accelerator = backend === 'cpu' ? {} : { [`use_${backend}`]: true }
  if (tool.generation === 'interpreter') return accelerator
  const check = backend !== 'cpu' && requireFullDelegation && provesFullDelegation(tool)
  return { ...accelerator, use_cpu: !check, require_full_delegation: check }
}

/** The tool takes any names for the inputs, as long as all are there and in their order. */
function inputFlags(inputs: readonly InputFile[]): Record<string, string> {
  const names = inputs.map((_input, index) => `input${index}`)
  return {
    input_layer: names.join(','),
    input_layer_shape: inputs.map(({ shape }) => shape.join(',')).join(':'),
    input_layer_value_files: inputs.map(({ path }, index) => `${names[index]}:${path}`).join(','),
  }
}
