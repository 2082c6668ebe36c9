import { elements, type Kernel } from '@leti/network'
import { featureName, kernelFeatureName, type Features } from '@leti/records'
import { KINDS, kindOf } from './kinds.js'

/** What decides the features of the path, as a list for each kernel, in the order of the kernels. */
export interface PathKernels {
  /** Where the inputs of each kernel begin in `inputs`; one more entry than kernels. */
  readonly starts: Int32Array
  readonly inputs: Int32Array
  readonly outputBytes: Float64Array
  readonly work: Float64Array
  readonly macs: Float64Array
  /** As `kindOf` gives it. */
  readonly kinds: Int8Array
}

const ON_PATH = [...KINDS.keys()].filter((kind) => KINDS[kind].onPath)

/** The names of the features of the path, in the order of `pathNumbers`. */
export const PATH_NAMES: readonly string[] = [
  featureName('path', 'macs'),
  featureName('path', 'output_bytes'),
  featureName('path', 'width'),
  ...ON_PATH.map((kind) => kernelFeatureName('path', KINDS[kind].name, 'count')),
]

/**
 * Features of the critical path: of all paths from the input to the output, the one whose windows touch
 * the most elements. It bounds a runtime that executes branches in parallel. `path_width` is the work of
 * the whole graph divided by that of the path.
 */
export function pathFeatures(kernels: readonly Kernel[]): Features {
  const numbers = pathNumbers(pathKernels(kernels))
  return Object.fromEntries(PATH_NAMES.map((name, index) => [name, numbers[index]]))
}

export function pathKernels(kernels: readonly Kernel[]): PathKernels {
  const { length } = kernels
  const starts = new Int32Array(length + 1)
  const inputs: number[] = []
  const outputBytes = new Float64Array(length)
  const work = new Float64Array(length)
  const macs = new Float64Array(length)
  const kinds = new Int8Array(length)
  kernels.forEach((kernel, index) => {
    for (const input of kernel.inputs) inputs.push(input)
    starts[index + 1] = inputs.length
    outputBytes[index] = kernel.output_bytes
    work[index] = workOf(kernel)
    macs[index] = kernel.macs
    kinds[index] = kindOf(kernel)
  })
  return { starts, inputs: Int32Array.from(inputs), outputBytes, work, macs, kinds }
}

/** The values of `PATH_NAMES`. */
export function pathNumbers(kernels: PathKernels): number[] {
  const { work, macs, outputBytes, kinds } = kernels
  criticalPath(kernels)
  const { before } = workSpace
  counts.fill(0)
  let [pathMacs, pathBytes, pathWork, allWork] = [0, 0, 0, 0]
  for (let index = work.length - 1; index >= 0; index = before[index]) {
    pathMacs += macs[index]
    pathBytes += outputBytes[index]
    pathWork += work[index]
    if (kinds[index] >= 0) counts[kinds[index]]++
  }
  for (const part of work) allWork += part
  const numbers = [pathMacs, pathBytes, pathWork > 0 ? allWork / pathWork : 0]
  for (const kind of ON_PATH) numbers.push(counts[kind])
  return numbers
}

/** The kernels of each kind on the path; kept, since to allocate takes longer than to count. */
const counts = new Int32Array(KINDS.length)

/** Kept for the same reason. */
let workSpace = { before: new Int32Array(0), totals: new Float64Array(0) }

/** For each kernel, `before` is the one before it on the path with the most work that ends in it; -1 for none. */
function criticalPath({ starts, inputs, work }: PathKernels): void {
  const { length } = work
  if (workSpace.before.length < length) {
    workSpace = { before: new Int32Array(2 * length), totals: new Float64Array(2 * length) }
  }
  const { before, totals } = workSpace
  for (let index = 0; index < work.length; index++) {
    let longest = -1
    for (let at = starts[index]; at < starts[index + 1]; at++) {
      const input = inputs[at]
      if (longest < 0 || totals[input] > totals[longest]) longest = input
    }
    before[index] = longest
    totals[index] = work[index] + (longest < 0 ? 0 : totals[longest])
  }
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
