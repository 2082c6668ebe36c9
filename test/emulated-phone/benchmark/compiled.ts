/** LiteRT's `benchmark_litert_model` (CompiledModel): prints the same lines in the same order. */
import { writeFileSync } from 'node:fs'
import type { BenchmarkBehavior } from './behavior.js'
import {
  isWhole,
  sayImplicitXnnpack,
  sayReplacing,
  sayUnsupported,
  takenBy,
  type Delegated,
} from './delegation.js'
import { dieBy, hang, printStatistics } from './faults.js'
import type { ParsedFlags } from './flags.js'
import type { GraphNode } from './graph.js'
import { litert, runtime, tool } from './log.js'
import { measure, type Session, type Times } from './measure.js'
import { profileText, rowsOf } from './profile.js'
import { resultProto, throughput } from './result-proto.js'
import { load, type LoadedModel } from './session.js'
import { deviation, general, mean } from './statistics.js'

type Flags = ParsedFlags['values']

const SOURCE = 'benchmark_litert_model.cc'
const HEADER = 'benchmark_litert_model.h'

/** Returns whether it succeeded. */
export async function runCompiled(
  { values: flags }: ParsedFlags,
  behavior: BenchmarkBehavior,
): Promise<boolean> {
  const start = process.memoryUsage.rss()
  const began = performance.now()
  litert.info(`${SOURCE}:199`, `Loading model from: ${String(flags.graph)}`)
  const loaded = await loadModel(String(flags.graph))
  if (!loaded) return false
  if (behavior.fault === 'hang') await hang()
  if (flags.use_cpu && flags.require_full_delegation) {
    const reason = 'Requesting full delegation and CPU acceleration are incompatible.'
    litert.error(`${SOURCE}:70`, reason)
    dieBy('SIGABRT')
  }
  const delegated = compileModel(flags, loaded.graph, behavior)
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
  let phases = 0
  const times = await measure(session, {
    percentiles: !behavior.old,
    print: (line) => printStatistics(line, ++phases === 2, behavior.fault),
    beforeRun: () => {
      if (behavior.fault === 'crash') dieBy('SIGSEGV')
    },
  })
  sayResults(session, times)
  if (flags.result_file_path) saveResult(session, times)
  if (flags.use_profiler) {
    const rows = rowsOf(loaded.graph, times.inference, delegated)
    const text = profileText(rows, { csv: false, start: false, width: 40 })
    litert.info(`${HEADER}:179`, `\n${text}`)
  }
  return true
}

async function loadModel(path: string): Promise<LoadedModel | undefined> {
  try {
    return await load(path)
  } catch {
    litert.error(`${SOURCE}:200`, 'Failed to load model.')
    return undefined
  }
}

/** Prints which operators were compiled for which processor. Returns what the delegate runs. */
function compileModel(
  flags: Flags,
  graph: readonly GraphNode[],
  behavior: BenchmarkBehavior,
): Delegated | 'failed' {
  litert.info('auto_registration.cc:148', 'CPU accelerator registered.')
  litert.info(
    'compiled_model.cc:415',
    'Flatbuffer model initialized directly from incoming litert model.',
  )
  runtime.info('Initialized TensorFlow Lite runtime.')
  const onCpu = { delegate: 'TfLiteXNNPackDelegate', nodes: graph.length, kernels: 1 }
  if (!flags.use_gpu) {
    sayImplicitXnnpack(graph)
    return onCpu
  }
  const noGpu = behavior.gpuUnsupported ?? behavior.fault === 'fail'
  const taken = noGpu
    ? { delegate: 'LITERT_CL', nodes: 0, kernels: 0 }
    : takenBy('LITERT_CL', graph, behavior)
  if (noGpu) litert.error('gpu_environment.cc:203', 'Failed to create OpenCL device.')
  else litert.info('gpu_environment.h:155', 'Created LiteRT GpuEnvironment.')
  sayUnsupported(taken, graph)
  sayReplacing(taken, graph.length)
  const mayUseCpu = Boolean(flags.use_cpu) || !flags.require_full_delegation
  if (!mayUseCpu && !isWhole(taken, graph)) {
    const reason = 'Some ops are not accelerated. Add kLiteRtHwAcceleratorCpu to the compilation '
    const advice = 'accelerator set to allow using the CPU to run those.'
    tool.error(`Failed to compile model.: ${reason}${advice}`)
    return 'failed'
  }
  if (taken.nodes < graph.length) sayImplicitXnnpack(graph, taken)
  return taken
}

function sayResults(
  session: Session,
  { warmUp, inference, overallMemory, peakMemory }: Times,
): void {
  const { start, init } = session.memory
  const say = (line: number, label: string, value: string) =>
    litert.info(`${HEADER}:${line}`, label.padEnd(22) + value)
  const ms = (us: number) => `${(us / 1000).toFixed(2)} ms`
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MB`
  litert.info(`${HEADER}:81`, '\n========== BENCHMARK RESULTS ==========')
  litert.info(`${HEADER}:82`, `Model initialization: ${ms(session.initUs)}`)
  say(84, 'Warmup (first):', ms(warmUp[0] ?? 0))
  say(86, 'Warmup (avg):', `${ms(mean(warmUp))} (${warmUp.length} runs)`)
  say(88, 'Inference (avg):', `${ms(mean(inference))} (${inference.length} runs)`)
  if (inference.length) {
    say(92, 'Inference (min):', ms(Math.min(...inference)))
    say(94, 'Inference (max):', ms(Math.max(...inference)))
    say(96, 'Inference (std):', (deviation(inference) / 1000).toFixed(2))
  } else litert.info(`${HEADER}:99`, 'No inference runs were performed.')
  const speed = throughput(session, { warmUp, inference, overallMemory })
  say(103, 'Throughput:', `${speed.toFixed(2)} MB/s`)
  litert.info(`${HEADER}:112`, '\nMemory Usage:')
  say(114, 'Init footprint:', megabytes(init - start))
  say(116, 'Overall footprint:', megabytes(overallMemory - start))
  if (peakMemory === undefined) {
    litert.info(`${HEADER}:123`, 'Peak memory usage not available. (peak_mem_mb <= 0)')
  } else say(120, 'Peak memory:', megabytes(peakMemory))
  litert.info(`${HEADER}:126`, '======================================\n')
}

function saveResult(session: Session, times: Times): void {
  const path = String(session.flags.result_file_path)
  litert.info(`${HEADER}:166`, `Saving benchmark result to: ${path}`)
  writeFileSync(path, resultProto(session, times))
  litert.info(`${HEADER}:170`, `Saved benchmark result to: ${path}`)
}
