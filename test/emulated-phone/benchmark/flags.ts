/**
 * The flags of the two tools, parsed as in tflite/tools/command_line_flags.cc: only `--name=value`; booleans
 * are true, false, 1 or 0; unknown flags give a warning.
 */

export type FlagValue = string | number | boolean

interface Flag {
  readonly name: string
  readonly default: FlagValue
  /** Title under which the tool prints a given flag; absent if it does not print it. */
  readonly title?: string
}

export interface ParsedFlags {
  readonly values: Readonly<Record<string, FlagValue>>
  readonly given: ReadonlySet<string>
  /** `Title: [value]` for each flag that was given. */
  readonly log: string[]
  readonly unknown: string[]
  readonly errors: string[]
}

function flag(name: string, value: FlagValue, title?: string): Flag {
  return { name, default: value, title }
}

/** tflite/tools/benchmark/benchmark_model.cc: both tools have these. */
const COMMON = [
  flag('num_runs', 50, 'Min num runs'),
  flag('min_secs', 1, 'Min runs duration (seconds)'),
  flag('max_secs', 150, 'Max runs duration (seconds)'),
  flag('run_delay', -1, 'Inter-run delay (seconds)'),
  flag('run_frequency', -1, 'Number of prorated runs per second'),
  flag('num_threads', -1, 'Num threads'),
  flag('use_caching', false, 'Use caching'),
  flag('benchmark_name', '', 'Benchmark name'),
  flag('output_prefix', '', 'Output prefix'),
  flag('warmup_runs', 1, 'Min warmup runs'),
  flag('warmup_min_secs', 0.5, 'Min warmup runs duration (seconds)'),
  flag('verbose', false),
  flag('dry_run', false, 'Run w/o invoking kernels'),
  flag('report_peak_memory_footprint', false, 'Report the peak memory footprint'),
  flag('memory_footprint_check_interval_ms', 50, 'Memory footprint check interval (ms)'),
  flag('gpu_invoke_loop_times', 1),
]

/** tflite/tools/benchmark/benchmark_tflite_model.cc and tflite/tools/delegates. */
export const INTERPRETER_FLAGS = [
  ...COMMON,
  flag('graph', '', 'Graph'),
  flag('signature_to_run_for', '', 'Signature to run'),
  flag('input_layer', '', 'Input layers'),
  flag('input_layer_shape', '', 'Input shapes'),
  flag('input_layer_value_range', '', 'Input value ranges'),
  flag('input_layer_value_files', '', 'Input value files'),
  flag('allow_fp16', false, 'Allow fp16'),
  flag('require_full_delegation', false, 'Require full delegation'),
  flag('enable_op_profiling', false, 'Enable op profiling'),
  flag('op_profiling_output_mode', '', 'Op profiling output mode.'),
  flag('op_profiling_output_file', '', 'Op profiling output file.'),
  flag('max_profiling_buffer_entries', 1024, 'Max profiling buffer entries'),
  flag('profiling_output_csv_file', '', 'CSV File to export profiling data to'),
  flag('print_preinvoke_state', false, 'Print pre-invoke interpreter state'),
  flag('print_postinvoke_state', false, 'Print post-invoke interpreter state'),
  flag('output_filepath', '', 'File path to export outputs layer to'),
  flag('result_file_path', '', 'File path to export benchmark result to'),
  flag('help', false),
  flag('max_delegated_partitions', 0, 'Max number of delegated partitions'),
  flag('min_nodes_per_partition', 0, 'Min nodes per partition'),
  flag('delegate_serialize_dir', '', 'Directory for delegate serialization'),
  flag('delegate_serialize_token', '', 'Model-specific token/key for delegate serialization.'),
  flag('use_gpu', false, 'Use gpu'),
  flag('gpu_precision_loss_allowed', true, 'Allow lower precision in gpu'),
  flag('gpu_experimental_enable_quant', true, 'Enable running quant models in gpu'),
  flag('gpu_backend', '', 'GPU backend'),
  flag('use_nnapi', false, 'Use NNAPI'),
  flag('nnapi_accelerator_name', '', 'NNAPI accelerator name'),
  flag('nnapi_execution_preference', '', 'NNAPI execution preference'),
  flag('nnapi_allow_fp16', false, 'Allow fp16 in NNAPI'),
  flag('use_xnnpack', false, 'Use xnnpack'),
  flag('xnnpack_force_fp16', false, 'xnnpack_force_fp16'),
]

/** litert/tools/benchmark_litert_model.h. */
export const COMPILED_FLAGS = [
  ...COMMON,
  flag('graph', ''),
  flag('signature_to_run_for', ''),
  flag('use_cpu', true),
  flag('use_gpu', false),
  flag('use_npu', false),
  flag('dispatch_library_path', ''),
  flag('compiler_plugin_library_path', ''),
  flag('compiler_cache_path', ''),
  flag('require_full_delegation', false),
  flag('use_profiler', false),
  flag('enable_perfetto', false),
  flag('gpu_backend', ''),
  flag('allow_fp16', true),
  flag('gpu_low_priority', false),
  flag('result_file_path', ''),
  flag('model_runtime_info_output_file', ''),
]

/** `Flags::Usage` of tflite/tools/command_line_flags.cc: each flag with its default and its type. */
export function usage(program: string, flags: readonly Flag[]): string {
  const types: Readonly<Record<string, string>> = { boolean: 'bool', number: 'int32' }
  const lines = flags.map(({ name, default: value, title = name }) => {
    const type = types[typeof value] ?? 'string'
    return `\t${`--${name}=${String(value)}`.padEnd(48)}\t${type}\toptional\t${title}\n`
  })
  return `usage: ${program} <flags>\nFlags:\n${lines.join('')}`
}

export function parseFlags(args: readonly string[], flags: readonly Flag[]): ParsedFlags {
  const values: Record<string, FlagValue> = Object.fromEntries(
    flags.map(({ name, default: value }) => [name, value]),
  )
  const given = new Set<string>()
  const unknown: string[] = []
  const errors: string[] = []
  for (const argument of args) {
    const [, name = '', text = ''] = /^--([a-z0-9_]+)=(.*)$/s.exec(argument) ?? []
    const known = flags.find((one) => one.name === name)
    const value = known && valueOf(text, known.default)
    if (!known) unknown.push(argument)
    else if (value === undefined) {
      errors.push(`Failed to parse flag '${name}' against argv '${argument}'`)
    } else if (!given.has(name)) {
      given.add(name)
      values[name] = value
    }
  }
  const log = flags
    .filter(({ name, title }) => title && (given.has(name) || name === 'graph'))
    .map(({ name, title = '' }) => `${title}: [${printed(values[name])}]`)
  return { values, given, log, unknown, errors }
}

function valueOf(text: string, example: FlagValue): FlagValue | undefined {
  if (typeof example === 'string') return text
  if (typeof example === 'boolean') {
    if (!['true', 'false', '1', '0'].includes(text)) return undefined
    return text === 'true' || text === '1'
  }
  return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
}

function printed(value: FlagValue): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
