import { operatorCosts, type OperatorCost } from './cost.js'
import { fuse, type Kernel } from './fuse.js'
import type { Network } from './network.js'
import { peakMemoryBytes } from './schedule.js'

export interface NetworkCost extends OperatorCost {
  /** Activations that are live at once in the best known schedule, without weights. */
  readonly peak_memory_bytes: number
}

/**
 * Cost of a network: sums over its operators, and the peak memory of its fused kernels.
 *
 * @param kernels the kernels of the network; by default as converters fuse them
 */
export function networkCost(
  network: Network,
  kernels: readonly Kernel[] = fuse(network),
): NetworkCost {
  const total = { macs: 0, parameters: 0, activation_bytes: 0, weight_bytes: 0 }
  for (const cost of operatorCosts(network)) {
    total.macs += cost.macs
    total.parameters += cost.parameters
    total.activation_bytes += cost.activation_bytes
    total.weight_bytes += cost.weight_bytes
  }
  return { ...total, peak_memory_bytes: peakMemoryBytes(kernels, network.outputs) }
}
