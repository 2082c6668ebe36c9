import { elements, type Kernel } from '@leti/network'
import { featureName, kernelFeatureName, type Features } from '@leti/records'
import { KINDS, kindOf } from './kinds.js'

/**
 * The critical path, which bounds a runtime that executes branches in parallel: of all paths from the
 * input to the output the one that touches most. Its kernels by kind, its MACs and bytes, and the
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
    [featureName('path', 'macs')]: sum(path, ({ macs }) => macs),
    [featureName('path', 'output_bytes')]: sum(path, ({ output_bytes }) => output_bytes),
    [featureName('path', 'width')]: work > 0 ? sum(kernels, workOf) / work : 0,
  }
  KINDS.forEach((kind, index) => {
    if (kind.onPath) features[kernelFeatureName('path', kind.name, 'count')] = counts[index]
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

/**
 * A rough measure of a kernel's time, of which only the order matters: the elements that its windows
 * touch in one channel. Arithmetic would not do: a runtime that computes convolutions fast waits for
 * pools, which touch as much and compute next to nothing. Of equal kernels the one without weights
 * counts more, since a convolution uses what it reads many times over.
 */
function workOf({ operator, shape, macs }: Kernel): number {
  const area = 'window' in operator ? operator.window.size[0] * operator.window.size[1] : 1
  return elements(shape) * (macs > 0 ? area : area * WITHOUT_REUSE)
}

/** Little enough that it only decides between equals. */
const WITHOUT_REUSE = 1.001

function sum(kernels: readonly Kernel[], value: (kernel: Kernel) => number): number {
  return kernels.reduce((total, kernel) => total + value(kernel), 0)
}
