import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Flags of each synthetic tool, as `--help` of the real one lists them. */
const FLAGS = {
  interpreter: `num_runs=50 min_secs=1 max_secs=150 warmup_runs=1 warmup_min_secs=0.5 num_threads=-1
    graph= input_layer= input_layer_shape= input_layer_value_files= output_filepath= use_gpu=false
    use_nnapi=false enable_op_profiling=false report_peak_memory_footprint=false`,
  'compiled-model': `num_runs=50 min_secs=1 max_secs=150 warmup_runs=1 warmup_min_secs=0.5
    num_threads=-1 graph= use_cpu=true use_gpu=false use_profiler=false
    require_full_delegation=false report_peak_memory_footprint=false`,
  'older-compiled-model': `num_runs=50 min_secs=1 max_secs=150 warmup_runs=1 warmup_min_secs=0.5
    graph= use_cpu=true use_gpu=false use_npu=false`,
}

export type SyntheticTool = keyof typeof FLAGS

/** Body of an Interpreter tool: prints the results of a short run, and copies its input to its output. */
export const INTERPRETER = `
if [ -n "$output" ]; then cp "$input" "$output"; fi
echo "INFO: Initialized session in 12.5ms."
echo "INFO: count=1 curr=5000"
echo
echo "INFO: count=20 first=4100 curr=4000 min=3900 max=4300 avg=4020 std=80 p5=3900 median=4010 p95=4250"
echo
echo "INFO: Inference timings in us: Init: 12500, First inference: 5000, Warmup (avg): 5000, Inference (avg): 4020"
echo "INFO: Overall peak memory footprint (MB) via periodic monitoring: 12.5"`

/** Body of a CompiledModel tool: prints the results of a short run. */
export const COMPILED_MODEL = `
echo "========== BENCHMARK RESULTS ==========" >&2
echo "INFO: [benchmark_litert_model.h:94] Model initialization: 12.50 ms" >&2
echo "INFO: [benchmark_litert_model.h:100] Inference (avg):      4.02 ms (20 runs)" >&2
echo "INFO: [benchmark_litert_model.h:104] Inference (min):      3.90 ms" >&2
echo "INFO: [benchmark_litert_model.h:106] Inference (max):      4.30 ms" >&2
echo "INFO: [benchmark_litert_model.h:108] Inference (std):      0.08" >&2`

/**
 * Writes a synthetic benchmark_model: a script for the emulated phone's shell that computes nothing.
 *
 * @param body the commands that it runs without `--help`
 */
export async function writeTool(
  folder: string,
  body: string,
  generation: SyntheticTool = 'interpreter',
): Promise<string> {
  const path = join(folder, 'benchmark_model')
  const help = FLAGS[generation]
    .split(/\s+/)
    .map((flag) => `\t--${flag}\tstring\toptional\twhat it does`)
    .join('\n')
  await writeFile(
    path,
    `#!/bin/sh
if [ "$1" = --help ]; then printf '%s\\n' 'ERROR: usage: benchmark_model <flags>' '${help}' >&2; exit 1; fi
for flag; do case "$flag" in
  --output_filepath=*) output=\${flag#*=} ;;
  --input_layer_value_files=*) input=\${flag#*:} ;;
  --graph=*) graph=\${flag#*=} ;;
esac; done
${body}
`,
  )
  await chmod(path, 0o755)
  return path
}
