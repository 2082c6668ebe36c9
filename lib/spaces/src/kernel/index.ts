import type { Space } from '../space.js'
import { parseKernelArch, type KernelArch } from './arch.js'
import { kernelNetwork } from './network.js'

/**
 * Single kernels as networks, for learning what each kernel costs. Records hold `nodes`, which are
 * operators with the indices of their inputs, `repeats`, and what of each result they `keep`.
 */
export const kernel: Space<KernelArch> = {
  name: 'kernel',
  members: ['nodes', 'repeats', 'keep'],
  parse: parseKernelArch,
  toNetwork: kernelNetwork,
}
