import type { Kernel } from '@leti/network'
import type { Features } from '@leti/records'
import { KINDS, kindOf } from './kinds.js'

/**
 * The critical path, which bounds a runtime that executes branches in parallel: of all paths from the
 * input to the output the one with the most work. Its MACs and bytes, its kernels by kind, and the
 * width of the graph: how many times the path's work the whole graph is.
 */
export function pathFeatures(kernels: readonly Kernel[]): Features {
  const path = criticalPath(kernels)
  const counts = new Int32Array(KINDS.length)
  for (const kernel of path) {
    const kind = kindOf(kernel)
    if (kind >= 0) counts[kind]++
  }
  const work = sum(path, workOf)
  const features: Features = {
    path_macs: sum(path, ({ macs }) => macs),
    path_output_bytes: sum(path, ({ output_bytes }) => output_bytes),
    path_width: work > 0 ? sum(kernels, workOf) / work : 0,
  }
  KINDS.forEach((kind, index) => {
    if (kind.onPath) features[`path_${kind.name}_count`] = counts[index]
  })
  return features
}

function criticalPath(kernels: readonly Kernel[]): Kernel[] {
  const totals = new Float64Array(kernels.length)
  const before = new Int32Array(kernels.length).fill(-1)
  kernels.forEach((kernel, index) => {
    for (const input of kernel.inputs) {
      if (before[index] < 0 || totals[input] > totals[before[index]]) before[index] = input
    }
    totals[index] = workOf(kernel) + (before[index] < 0 ? 0 : totals[before[index]])
  })
  const path: Kernel[] = []
  for (let index = kernels.length - 1; index >= 0; index = before[index]) path.push(kernels[index])
  return path
}

/** A rough measure of a kernel's time, of which only the order matters: arithmetic and traffic. */
function workOf({ macs, input_bytes, output_bytes }: Kernel): number {
  return macs + input_bytes + output_bytes
}

function sum(kernels: readonly Kernel[], value: (kernel: Kernel) => number): number {
  return kernels.reduce((total, kernel) => total + value(kernel), 0)
}
