import { elements, fuseBy, type Kernel, type OperatorType } from '@leti/network'
import { ZOO_NAMES } from '../zoo/arch.js'
import { zoo } from '../zoo/index.js'
import { zooRecord } from '../zoo/record.js'
import type { KernelNode } from './arch.js'
import { kernelAlone } from './record.js'

/** Two operators, the second of which reads the first alone. */
export interface OperatorPair {
  readonly first: OperatorType
  readonly second: OperatorType
  /** Each by itself, and both. */
  readonly nodes: Readonly<Record<'first' | 'second' | 'both', readonly KernelNode[]>>
}

/** What runs within another operator is itself done element by element. */
const SECONDS = new Set<OperatorType>([
  'relu',
  'relu6',
  'hard_swish',
  'gelu',
  'sigmoid',
  'rsqrt',
  'add',
  'sub',
  'mul',
  'div',
])

/** Elements of an activation that take long enough to be measured, and are soon measured. */
const TYPICAL_ELEMENTS = 100_000

/**
 * The pairs of operators that occur in the zoo and that a runtime may fuse, each where it is best
 * measured: neither of the two is so large that the other is lost beside it.
 */
export function operatorPairs(): OperatorPair[] {
  const found = new Map<string, { readonly pair: OperatorPair; readonly oddity: number }>()
  for (const name of ZOO_NAMES) {
    const record = zooRecord(name)
    const network = zoo.toNetwork(zoo.parse({ space: 'zoo', name }), record.id)
    // Batch norms are folded, and nothing else.
    const kernels = fuseBy(network, new Map())
    for (const [before, after] of adjacent(kernels)) {
      const { type: first } = before.operator
      const { type: second } = after.operator
      if (!SECONDS.has(second)) continue
      const size = elements(before.shape)
      const oddity =
        Math.abs(Math.log(size / TYPICAL_ELEMENTS)) + Math.log1p(before.macs / size / 64)
      const key = `${first} ${second}`
      if (oddity >= (found.get(key)?.oddity ?? Infinity)) continue
      found.set(key, { pair: { first, second, nodes: nodesOf(before, after, kernels) }, oddity })
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key)?.pair ?? [])
}

/** Kernels the second of which reads the first as its first input, and nothing else reads it. */
function* adjacent(kernels: readonly Kernel[]): Generator<readonly [Kernel, Kernel]> {
  const readers = kernels.map(() => 0)
  for (const { inputs } of kernels) for (const input of inputs) readers[input]++
  for (const after of kernels) {
    const [first] = after.inputs
    const before = kernels[first]
    if (!before || readers[first] !== 1) continue
    if (before.operator.type === 'input' || before.operator.type === 'constant') continue
    yield [before, after]
  }
}

function nodesOf(before: Kernel, after: Kernel, kernels: readonly Kernel[]): OperatorPair['nodes'] {
  const first = kernelAlone(before, kernels)
  const second = kernelAlone(after, kernels)
  const result = first.length - 1
  // The second's first input is the first's result; its others come after that.
  const renumber = (input: number): number => (input === 0 ? result : first.length + input - 1)
  const followers = second.slice(1).map(({ operator, inputs }) => ({
    operator,
    inputs: inputs.map(renumber),
  }))
  return { first, second, both: [...first, ...followers] }
}
