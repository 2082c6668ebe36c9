/**
 * What the runtime and the tool print about delegates: tflite/core/subgraph.cc ("Replacing ..."),
 * tflite/delegates/gpu/delegate.cc, tflite/tools/benchmark/benchmark_tflite_model.cc ("Explicitly
 * applied ..."). Whatever they print, the operators run in wasm on this computer's CPU.
 */
import type { BenchmarkBehavior } from './behavior.js'
import type { GraphNode } from './graph.js'
import { runtime, tool } from './log.js'

/** How many of the graph's first nodes a delegate runs, and in how many kernels. */
export interface Delegated {
  readonly delegate: string
  readonly nodes: number
  readonly kernels: number
}

/** What a requested delegate runs, according to the behavior. */
export function takenBy(
  delegate: string,
  graph: readonly GraphNode[],
  { delegatedNodes = graph.length, delegateKernels = 1 }: BenchmarkBehavior,
): Delegated {
  const nodes = Math.min(delegatedNodes, graph.length)
  return { delegate, nodes, kernels: nodes ? delegateKernels : 0 }
}

export function isWhole({ nodes, kernels }: Delegated, graph: readonly GraphNode[]): boolean {
  return nodes === graph.length && kernels === 1
}

/** Prints the operators that the GPU leaves to the CPU: the last ones of the graph. */
export function sayUnsupported({ nodes }: Delegated, graph: readonly GraphNode[]): void {
  if (nodes === graph.length) return
  const types = [...new Set(graph.slice(nodes).map(({ type }) => type))]
  const reasons = types.map((type) => `${type}: Operation is not supported.`)
  runtime.error(
    `Following operations are not supported by GPU delegate:\n${reasons.join('\n')}\n` +
      `${nodes} operations will run on the GPU, and the remaining ${graph.length - nodes} ` +
      'operations will run on the CPU.',
  )
}

/** `of` counts each kernel of an earlier delegate as one node. */
export function sayReplacing({ delegate, nodes, kernels }: Delegated, of: number): void {
  if (!nodes) return
  const partitions = nodes === of ? kernels : 2 * kernels
  runtime.verbose(
    `Replacing ${nodes} out of ${of} node(s) with delegate (${delegate}) node, ` +
      `yielding ${partitions} partitions for subgraph 0.`,
  )
}

/** The runtime runs the remaining operators on XNNPACK unless a flag forbids it. */
export function sayImplicitXnnpack(graph: readonly GraphNode[], taken?: Delegated): void {
  const rest = graph.length - (taken?.nodes ?? 0)
  runtime.info('Created TensorFlow Lite XNNPACK delegate for CPU.')
  const of = rest + (taken?.kernels ?? 0)
  sayReplacing({ delegate: 'TfLiteXNNPackDelegate', nodes: rest, kernels: 1 }, of)
}

/** `Explicitly applied GPU delegate, and ...` */
export function sayApplied(name: string, taken: Delegated, graph: readonly GraphNode[]): void {
  const applied = `Explicitly applied ${name} delegate, and the model graph will be`
  if (isWhole(taken, graph)) tool.info(`${applied} completely executed by the delegate.`)
  else if (taken.kernels) {
    const kernels = `${taken.kernels} delegate kernels`
    tool.info(`${applied} partially executed by the delegate w/ ${kernels}.`)
  } else {
    tool.info(
      `Though ${name} delegate is explicitly applied, the model graph will not be executed by the delegate.`,
    )
  }
}
