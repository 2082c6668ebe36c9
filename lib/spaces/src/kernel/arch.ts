import { isObject, LetiError, type Arch } from '@leti/records'
import { isSource, parseOperator, type Operator } from '@leti/network'

/** An operator of a kernel, or one of its sources; `inputs` are indices of earlier nodes. */
export interface KernelNode {
  readonly operator: Operator
  readonly inputs: readonly number[]
}

/** A single kernel, described as a small network. */
export interface KernelArch {
  /** In topological order; the last node computes the kernel's output. */
  readonly nodes: readonly KernelNode[]
  /** Copies of the kernel in the network; all read the same inputs, each has weights of its own. */
  readonly repeats: number
  /** What the network keeps of each result; an older record without it keeps one element. */
  readonly keep?: 'corner' | undefined
}

const MAX_NODES = 64
const MAX_REPEATS = 1024

/**
 * Parses the architecture of a record of the space `kernel`.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseKernelArch({ nodes, repeats, keep }: Arch): KernelArch {
  if (!Array.isArray(nodes) || !nodes.length || nodes.length > MAX_NODES) {
    throw bad(`"nodes" must be a list of up to ${MAX_NODES} operators`)
  }
  if (
    !Number.isInteger(repeats) ||
    !((repeats as number) >= 1 && (repeats as number) <= MAX_REPEATS)
  ) {
    throw bad(`"repeats" must be a whole number from 1 to ${MAX_REPEATS}`)
  }
  const parsed = nodes.map(parseNode)
  if (isSource(parsed[parsed.length - 1].operator))
    throw bad('the last of "nodes" must be an operator, not a source')
  if (!parsed.some(({ operator }) => operator.type === 'input'))
    throw bad('"nodes" must contain an input')
  if (keep !== undefined && keep !== 'corner') throw bad('"keep" must be "corner", or be left out')
  return { nodes: parsed, repeats: repeats as number, keep }
}

function parseNode(value: unknown, index: number): KernelNode {
  const place = `nodes[${index}]`
  if (!isObject(value)) throw bad(`${place} must be an object`)
  const { inputs = [], ...members } = value
  const operator = parseOperator(members, place)
  const isBefore = (input: unknown): boolean =>
    Number.isInteger(input) && (input as number) >= 0 && (input as number) < index
  if (!Array.isArray(inputs) || inputs.length > MAX_NODES || !inputs.every(isBefore)) {
    throw bad(`${place}.inputs must be a list of indices of earlier nodes`)
  }
  return { operator, inputs: inputs as number[] }
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
