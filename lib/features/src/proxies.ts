import { networkCost, type Kernel, type Network } from '@leti/network'
import type { Features } from '@leti/records'

/** Work, size and memory of the whole network as written: the usual proxies of latency. */
export function proxyFeatures(network: Network, kernels: readonly Kernel[]): Features {
  const { macs, parameters, activation_bytes, weight_bytes, peak_memory_bytes } = networkCost(
    network,
    kernels,
  )
  return { macs, parameters, activation_bytes, weight_bytes, peak_memory_bytes }
}
