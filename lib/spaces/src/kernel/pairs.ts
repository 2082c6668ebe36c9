import { fuse, type Kernel, type OperatorType, type Shape } from '@leti/network'
import { ZOO_NAMES } from '../zoo/arch.js'
import { zoo } from '../zoo/index.js'
import { zooRecord } from '../zoo/record.js'
import type { KernelNode } from './arch.js'
import { cornerOf } from './corner.js'
import { FIRSTS, secondsOn, type Sized } from './pair-operators.js'

/** Two operators; only the second reads the output of the first. */
export interface OperatorPair {
  readonly first: OperatorType
  readonly second: OperatorType
  /** Kernels with each operator alone, with both, and with neither: the work that all four share. */
  readonly nodes: Readonly<Record<'first' | 'second' | 'both' | 'neither', readonly KernelNode[]>>
}

/**
 * A pair of operators that a runtime may fuse. Their sizes are such that both take about as long, and
 * much longer than the launch of an operator.
 *
 * @returns undefined if no runtime is known to fuse such a pair
 */
export function operatorPair(first: string, second: string): OperatorPair | undefined {
  const before = FIRSTS.get(first as OperatorType)
  const after = before && secondsOn(before.gives).get(second as OperatorType)
  if (!after) return undefined
  const alone = kernelOf(before)
  const result = alone.length - 1
  const others = after.reads.slice(1).map(sourceOf)
  const inputs = [result, ...others.map((_, i) => result + 1 + i)]
  const keepingCorner = (nodes: readonly KernelNode[]): KernelNode[] => [
    ...nodes,
    { operator: cornerOf(before.gives), inputs: [nodes.length - 1] },
  ]
  return {
    first: before.operator.type,
    second: after.operator.type,
    nodes: {
      first: keepingCorner(alone),
      second: keepingCorner(kernelOf(after)),
      both: keepingCorner([...alone, ...others, { operator: after.operator, inputs }]),
      neither: keepingCorner([sourceOf(before.gives)]),
    },
  }
}

function kernelOf({ operator, reads }: Sized): KernelNode[] {
  return [...reads.map(sourceOf), { operator, inputs: reads.map((_, i) => i) }]
}

function sourceOf(shape: Shape): KernelNode {
  return { operator: { type: 'input', shape }, inputs: [] }
}

/** The pairs that occur in networks of the zoo. */
export function zooPairs(): OperatorPair[] {
  const found = new Map<string, OperatorPair>()
  for (const name of ZOO_NAMES) {
    const { id } = zooRecord(name)
    // Without rules, only batch norms are folded.
    const kernels = fuse(zoo.toNetwork(zoo.parse({ space: 'zoo', name }), id), new Map())
    for (const [before, after] of adjacent(kernels)) {
      const pair = operatorPair(before.operator.type, after.operator.type)
      if (pair) found.set(`${pair.first}+${pair.second}`, pair)
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

/** Pairs of kernels: the first input of the second is the first, which has no other reader. */
function* adjacent(kernels: readonly Kernel[]): Generator<readonly [Kernel, Kernel]> {
  const readers = kernels.map(() => 0)
  for (const { inputs } of kernels) for (const input of inputs) readers[input]++
  for (const after of kernels) {
    const [first] = after.inputs
    if (first !== undefined && readers[first] === 1) yield [kernels[first], after]
  }
}
