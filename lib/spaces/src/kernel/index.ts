import type { Space } from '../space.js'
import { parseKernelArch, type KernelArch } from './arch.js'
import { kernelNetwork } from './network.js'

/**
 * Single kernels as networks, to learn what each costs. Records hold `nodes`, operators with the
 * numbers of their inputs, and `repeats`.
 */
export const kernel: Space<KernelArch> = {
  name: 'kernel',
  parse: parseKernelArch,
  toNetwork: kernelNetwork,
}
