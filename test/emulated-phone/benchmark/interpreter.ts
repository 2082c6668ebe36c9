/** The TFLite Interpreter's `benchmark_model`: prints the same lines in the same order. */
import { appendFileSync, writeFileSync } from 'node:fs'
import type { BenchmarkBehavior } from './behavior.js'
import {
  isWhole,
  sayApplied,
  sayImplicitXnnpack,
  sayReplacing,
  sayUnsupported,
  takenBy,
  type Delegated,
} from './delegation.js'
import { dieBy, hang, printStatistics } from './faults.js'
import type { ParsedFlags } from './flags.js'
import type { GraphNode } from './graph.js'
import { runtime, STDOUT, tool, write } from './log.js'
import { measure, type Session, type Times } from './measure.js'
import { profileText, rowsOf } from './profile.js'
import { resultProto } from './result-proto.js'
import { load, readInputs, writeOutputs, type LoadedModel } from './session.js'
import { general, mean } from './statistics.js'

type Flags = ParsedFlags['values']

/** Returns whether it succeeded. */
export async function runInterpreter(
  { values: flags, given }: ParsedFlags,
  behavior: BenchmarkBehavior,
): Promise<boolean> {
  if (!flags.graph) {
    tool.error('Please specify the name of your TF Lite input file with --graph')
    return false
  }
  const start = process.memoryUsage.rss()
  const began = performance.now()
  const loaded = await loadModel(String(flags.graph))
  if (!loaded) return false
  if (behavior.fault === 'hang') await hang()
  const delegated = applyDelegates({ values: flags, given }, loaded.graph, behavior)
  if (delegated === 'failed') return false
  const session: Session = {
    model: loaded.model,
    flags,
    initUs: Math.round((performance.now() - began) * 1000),
    modelBytes: loaded.bytes,
    memory: { start, init: process.memoryUsage.rss() },
  }
  tool.info(`The input model file size (MB): ${general(loaded.bytes / 1e6)}`)
  tool.info(`Initialized session in ${general(session.initUs / 1000)}ms.`)
  readInputs(loaded.model, flags.input_layer_value_files)
  let phases = 0
  const times = await measure(session, {
    percentiles: !behavior.old,
    print: (line) => printStatistics(line, ++phases === 2, behavior.fault),
    beforeRun: () => {
      if (behavior.fault === 'crash') dieBy('SIGSEGV')
    },
  })
  await writeOutputs(loaded.model, flags.output_filepath, (value) =>
    behavior.fault === 'wrong-output' ? value + 1 : value,
  )
  sayResults(session, times)
  sayProfile(session, times, loaded.graph, delegated, behavior)
  if (flags.result_file_path) {
    writeFileSync(String(flags.result_file_path), resultProto(session, times))
  }
  return true
}

async function loadModel(path: string): Promise<LoadedModel | undefined> {
  try {
    const loaded = await load(path)
    tool.info(`Loaded model ${path}`)
    runtime.info('Initialized TensorFlow Lite runtime.')
    return loaded
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    runtime.error(
      isMissing
        ? `Could not open '${path}'.`
        : `Model provided has model identifier '', should be 'TFL3'`,
    )
    tool.error(`Failed to mmap model ${path}`)
    return undefined
  }
}

/** Prints which delegates were applied. Returns what they run. */
function applyDelegates(
  { values: flags, given }: Pick<ParsedFlags, 'values' | 'given'>,
  graph: readonly GraphNode[],
  behavior: BenchmarkBehavior,
): Delegated | undefined | 'failed' {
  const wanted = explicitDelegates(flags, behavior)
  if (wanted.length) tool.info(`Going to apply ${wanted.length} delegates one after another.`)
  let taken: Delegated | undefined
  for (const { name, delegate } of wanted) {
    if (behavior.fault === 'fail') {
      runtime.error(`TfLiteGpuDelegate Init: No shader implementation for this operation`)
      tool.error(`Failed to apply ${name} delegate.`)
      return 'failed'
    }
    // A delegate after the first has nothing left to run.
    const own = taken ? { delegate, nodes: 0, kernels: 0 } : takenBy(delegate, graph, behavior)
    if (name === 'GPU') sayGpuKernels(own, graph)
    else sayReplacing(own, graph.length)
    if (flags.require_full_delegation && !isWhole(own, graph)) {
      tool.error('Disallowed CPU fallback detected.')
      return 'failed'
    }
    sayApplied(name, own, graph)
    taken ??= own
  }
  if (flags.require_full_delegation && !wanted.length) {
    tool.error('Disallowed CPU fallback detected.')
    return 'failed'
  }
  // Without the flag, the runtime applies XNNPACK by itself; `--use_xnnpack=false` forbids it.
  const mayUseXnnpack = !given.has('use_xnnpack') && (taken?.nodes ?? 0) < graph.length
  if (!mayUseXnnpack) return taken
  sayImplicitXnnpack(graph, taken)
  return taken ?? { delegate: 'TfLiteXNNPackDelegate', nodes: graph.length, kernels: 1 }
}

function explicitDelegates(flags: Flags, behavior: BenchmarkBehavior) {
  const wanted: { name: string; delegate: string }[] = []
  if (flags.use_gpu && behavior.gpuUnsupported) {
    tool.warn('GPU acceleration is unsupported on this platform.')
  } else if (flags.use_gpu) {
    runtime.info('Created TensorFlow Lite delegate for GPU.')
    tool.info('GPU delegate created.')
    wanted.push({ name: 'GPU', delegate: 'TfLiteGpuDelegateV2' })
  }
  if (flags.use_nnapi) {
    runtime.info('Created TensorFlow Lite delegate for NNAPI.')
    tool.info('NNAPI delegate created.')
    wanted.push({ name: 'NNAPI', delegate: 'TfLiteNnapiDelegate' })
  }
  if (flags.use_xnnpack) {
    runtime.info('Created TensorFlow Lite XNNPACK delegate for CPU.')
    tool.info('XNNPACK delegate created.')
    wanted.push({ name: 'XNNPACK', delegate: 'TfLiteXNNPackDelegate' })
  }
  return wanted
}

function sayGpuKernels(own: Delegated, graph: readonly GraphNode[]): void {
  runtime.info('Loaded OpenCL library with dlopen.')
  sayUnsupported(own, graph)
  sayReplacing(own, graph.length)
  if (!own.nodes) return
  runtime.info('Initialized OpenCL-based API.')
  runtime.info(`Created ${own.kernels} GPU delegate kernels.`)
}

function sayResults(session: Session, times: Times): void {
  const { warmUp, inference, overallMemory, peakMemory } = times
  const { start, init } = session.memory
  const megabytes = (bytes: number) => general(Math.round((bytes * 1024) / 2 ** 20) / 1024)
  tool.info(
    `Inference timings in us: Init: ${session.initUs}, First inference: ${warmUp[0] ?? 0}, ` +
      `Warmup (avg): ${general(mean(warmUp))}, Inference (avg): ${general(mean(inference))}`,
  )
  tool.info(
    'Note: as the benchmark tool itself affects memory footprint, the following is only APPROXIMATE ' +
      'to the actual memory footprint of the model at runtime. Take the information at your discretion.',
  )
  tool.info(
    'Memory footprint delta from the start of the tool (MB): ' +
      `init=${megabytes(init - start)} overall=${megabytes(overallMemory - start)}`,
  )
  if (peakMemory === undefined) return
  tool.info(`Overall peak memory footprint (MB) via periodic monitoring: ${megabytes(peakMemory)}`)
}

function sayProfile(
  session: Session,
  times: Times,
  graph: readonly GraphNode[],
  delegated: Delegated | undefined,
  behavior: BenchmarkBehavior,
): void {
  const { enable_op_profiling: wanted, profiling_output_csv_file: file } = session.flags
  if (!wanted) return
  const format = { csv: Boolean(file), start: Boolean(behavior.old), width: 24 }
  const init = [{ type: 'AllocateTensors', name: 'AllocateTensors/0', times: [session.initUs] }]
  const sections = [
    ['Profiling Info for Benchmark Initialization:', profileText(init, format)],
    [
      'Operator-wise Profiling Info for Regular Benchmark Runs:',
      profileText(rowsOf(graph, times.inference, delegated), format),
    ],
  ]
  for (const [header, table] of sections) {
    if (file) appendFileSync(String(file), `${header}\n${table}\n`)
    // The real tool logs into a stream without a prefix.
    else write(STDOUT, `INFO: ${header}\n${table}\n`)
  }
}
