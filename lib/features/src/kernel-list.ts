import type { DilatedWindow, Kernel, Shape } from '@leti/network'
import type { KernelWork } from '@leti/records'
import { kindOf, NO_WORK } from './kinds.js'

/**
 * Lists the kernels that do work, in the order in which they run, with the members that determine their
 * time. Equal kernels share one entry, with their count.
 *
 * @param kernels all kernels of one network
 */
export function kernelList(kernels: readonly Kernel[]): KernelWork[] {
  const found = new Map<string, KernelWork>()
  for (const kernel of kernels) {
    if (kindOf(kernel) === NO_WORK || isEmpty(kernel.shape)) continue
    const work = toWork(kernel, kernels)
    const key = JSON.stringify(work)
    const known = found.get(key)
    if (known) known.count++
    else found.set(key, work)
  }
  return [...found.values()]
}

function toWork(kernel: Kernel, kernels: readonly Kernel[]): KernelWork {
  const { operator, inputs, shape, fused } = kernel
  return {
    type: operator.type,
    count: 1,
    // A runtime does nothing with an input without elements, such as part of a concatenation.
    input_shapes: inputs
      .map((input) => [...kernels[input].shape])
      .filter((shape) => !isEmpty(shape)),
    output_shape: [...shape],
    ...('window' in operator && windowOf(operator.window)),
    ...('groups' in operator && operator.groups !== undefined && { groups: operator.groups }),
    ...(fused.length && { fused: [...fused] }),
    macs: kernel.macs,
    input_bytes: kernel.input_bytes,
    output_bytes: kernel.output_bytes,
    weight_bytes: kernel.weight_bytes,
  }
}

function isEmpty(shape: readonly number[]): boolean {
  return shape.includes(0)
}

function windowOf({ size, strides, dilations }: DilatedWindow<Shape>) {
  return {
    window: [...size],
    strides: [...strides],
    ...(dilations && { dilations: [...dilations] }),
  }
}
