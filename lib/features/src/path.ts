import { elements, type Kernel } from '@leti/network'
import { featureName, kernelFeatureName, type Features } from '@leti/records'
import { KINDS, kindOf } from './kinds.js'

/**
 * Features of the critical path: of all paths from the input to the output, the one whose windows touch
 * the most elements. It bounds a runtime that executes branches in parallel. `path_width` is the work of
 * the whole graph divided by that of the path.
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
 * A rough measure of a kernel's time; only comparisons use it. It counts the elements that the windows
 * touch in one channel. MACs would not do: pools have none, but take time. Of equal kernels the one
 * without MACs counts more, since a convolution uses each element many times.
 */
function workOf({ operator, shape, macs }: Kernel): number {
  const area = 'window' in operator ? elements(operator.window.size) : 1
  return elements(shape) * (macs > 0 ? area : area * WITHOUT_REUSE)
}

/** Small enough to decide only between equal kernels. */
const WITHOUT_REUSE = 1.001

function sum(kernels: readonly Kernel[], value: (kernel: Kernel) => number): number {
  return kernels.reduce((total, kernel) => total + value(kernel), 0)
}
