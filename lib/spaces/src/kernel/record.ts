import { createHash } from 'node:crypto'
import { isSource, type Kernel } from '@leti/network'
import type { LetiRecord } from '@leti/records'
import type { KernelArch, KernelNode } from './arch.js'

/** The record of a kernel, such as `kernel-conv2d-5d41402abc4b2a76-x8`; equal kernels have equal ids. */
export function kernelRecord(
  nodes: readonly KernelNode[],
  repeats: number,
  keep?: KernelArch['keep'],
): LetiRecord {
  const described = nodes.map(({ operator, inputs }) => ({
    ...operator,
    ...(inputs.length && { inputs }),
  }))
  const text = JSON.stringify(keep ? [described, keep] : described)
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const types = nodes
    .filter(({ operator }) => !isSource(operator))
    .map(({ operator }) => operator.type)
  const id = `kernel-${types.join('-')}-${digest}-x${repeats}`
  return { id, arch: { space: 'kernel', nodes: described, repeats, ...(keep && { keep }) } }
}

/**
 * Cuts one kernel out of a network: the values that it reads become inputs; its bias and its activation
 * stay.
 *
 * @param kernels all kernels of the network
 */
export function kernelAlone(kernel: Kernel, kernels: readonly Kernel[]): KernelNode[] {
  const nodes: KernelNode[] = []
  const numbers = new Map<number, number>()
  for (const input of kernel.inputs) {
    if (numbers.has(input)) continue
    const { operator, shape } = kernels[input]
    numbers.set(input, nodes.length)
    const source = operator.type === 'constant' ? operator : ({ type: 'input', shape } as const)
    nodes.push({ operator: source, inputs: [] })
  }
  const inputs = kernel.inputs.map((input) => numbers.get(input) as number)
  const { operator, bias, activation } = kernel
  nodes.push({ operator: 'bias' in operator ? { ...operator, bias } : operator, inputs })
  if (activation) nodes.push({ operator: { type: activation }, inputs: [nodes.length - 1] })
  return nodes
}
