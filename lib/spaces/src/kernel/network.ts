import {
  elements,
  isOfPositive,
  isSource,
  NetworkBuilder,
  operatorCosts,
  type Network,
  type Operator,
} from '@leti/network'
import { LetiError } from '@leti/records'
import type { KernelArch } from './arch.js'
import { cornerOf } from './corner.js'

/** Limits above which no runtime can run the kernel. */
const MAX_ELEMENTS = 1 << 28
const MAX_WEIGHT_BYTES = 2 ** 31

/**
 * The network that runs a kernel `repeats` times on the same inputs. It keeps one element of each
 * result, or one corner of an image, so that reading the output takes no time, however much the kernel writes.
 * Inputs are of both signs: functions of positive numbers read the sigmoid of theirs, which runs once.
 *
 * @throws {LetiError} `bad-arch` if the shapes do not fit or are too large for any runtime
 */
export function kernelNetwork({ nodes, repeats, keep }: KernelArch, name: string): Network {
  const net = new NetworkBuilder()
  const sources = new Map<number, number>()
  const add = (scope: string, index: number, inputs: readonly number[]): number => {
    const { operator } = nodes[index]
    const node = net.add(`${scope}${operator.type}_${index}`, operator, ...inputs)
    if (elements(net.shapeOf(node)) > MAX_ELEMENTS) throw tooLarge()
    return node
  }
  nodes.forEach(({ operator }, index) => {
    if (isSource(operator)) sources.set(index, add('', index, []))
  })
  const positive = addPositive(net, nodes, sources)
  const kept: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const numbers = new Map(sources)
    let last = 0
    nodes.forEach(({ operator, inputs }, index) => {
      if (sources.has(index)) return
      const read = inputs.map((input) => numbers.get(input) as number)
      const taken = isOfPositive(operator) ? read.map((node) => positive.get(node) ?? node) : read
      last = add(`repeat_${repeat}/`, index, taken)
      numbers.set(index, last)
    })
    kept.push(net.add(`repeat_${repeat}/kept`, partOf(net.shapeOf(last), keep), last))
  }
  const output = repeats > 1 ? net.add('kept', { type: 'concat' }, ...kept) : kept[0]
  const network = net.build(name, output)
  const bytes = operatorCosts(network).reduce((sum, { weight_bytes }) => sum + weight_bytes, 0)
  if (bytes > MAX_WEIGHT_BYTES) throw tooLarge()
  return network
}

/** The sigmoids of the sources that functions of positive numbers read. */
function addPositive(
  net: NetworkBuilder,
  nodes: KernelArch['nodes'],
  sources: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const positive = new Map<number, number>()
  for (const { operator, inputs } of nodes) {
    const source = sources.get(inputs[0])
    if (source === undefined || positive.has(source) || !isOfPositive(operator)) continue
    positive.set(source, net.add(`positive_${inputs[0]}`, { type: 'sigmoid' }, source))
  }
  return positive
}

function partOf(shape: readonly number[], keep: KernelArch['keep']): Operator {
  const [height, width] = shape
  if (keep === 'corner' && shape.length === 3 && Math.min(height, width) >= 2) {
    return cornerOf([height, width])
  }
  return { type: 'slice', begin: shape.map(() => 0), size: shape.map(() => 1) }
}

function tooLarge(): LetiError {
  return new LetiError('bad-arch', 'the kernel is too large for any runtime')
}
