import { isObject, LetiError, type Arch } from '@leti/records'
import { isSource, parseOperator, type Operator } from '@leti/network'

/** One operator of a kernel, or what it reads; `inputs` are indices of earlier ones. */
export interface KernelNode {
  readonly operator: Operator
  readonly inputs: readonly number[]
}

/** A kernel as a network of its own. */
export interface KernelArch {
  /** In topological order; the value of the last one is the kernel's. */
  readonly nodes: readonly KernelNode[]
  /** How often the network runs it, side by side on the same inputs, each time with weights of its own. */
  readonly repeats: number
}

const MAX_NODES = 64
const MAX_REPEATS = 1024

/** @throws {LetiError} `bad-arch` */
export function parseKernelArch({ nodes, repeats }: Arch): KernelArch {
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
    throw bad('the last of "nodes" computes nothing')
  if (!parsed.some(({ operator }) => operator.type === 'input')) throw bad('"nodes" have no input')
  return { nodes: parsed, repeats: repeats as number }
}

function parseNode(value: unknown, index: number): KernelNode {
  const place = `nodes[${index}]`
  if (!isObject(value)) throw bad(`${place} must be an object`)
  const { inputs = [], ...members } = value
  const operator = parseOperator(members, place)
  const isBefore = (input: unknown): boolean =>
    Number.isInteger(input) && (input as number) >= 0 && (input as number) < index
  if (!Array.isArray(inputs) || inputs.length > MAX_NODES || !inputs.every(isBefore)) {
    throw bad(`${place}.inputs must be a list of numbers of earlier nodes`)
  }
  return { operator, inputs: inputs as number[] }
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
