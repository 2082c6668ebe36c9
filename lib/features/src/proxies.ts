import { networkCost, type Kernel, type Network } from '@leti/network'
import type { Features } from '@leti/records'

/** The proxies of latency that the literature uses: work, size and memory of the whole network. */
export function proxyFeatures(network: Network, kernels: readonly Kernel[]): Features {
  const { macs, parameters, activation_bytes, weight_bytes, peak_memory_bytes } = networkCost(
    network,
    kernels,
  )
  return { macs, parameters, activation_bytes, weight_bytes, peak_memory_bytes }
}
