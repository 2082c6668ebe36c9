import type { Kernel } from '@leti/network'
import { kernelFeatureName, type Features } from '@leti/records'
import { KINDS, kindOf } from './kinds.js'

/** Stage `n` holds the kernels whose output is `2^n` times smaller than the input; this is the last. */
const LAST_STAGE = 5

const STAGED = KINDS.map(({ onPath }) => onPath)

/** Count and MACs of each kind of kernel in each stage. */
export function stageFeatures(kernels: readonly Kernel[]): Features {
  const width = KINDS.length
  const counts = new Int32Array((LAST_STAGE + 1) * width)
  const macs = new Float64Array(counts.length)
  const height = kernels.find(({ operator }) => operator.type === 'input')?.shape[0] ?? 1
  for (const kernel of kernels) {
    const kind = kindOf(kernel)
    if (kind < 0 || kernel.shape.length !== 3) continue
    const halvings = Math.round(Math.log2(height / kernel.shape[0]))
    const index = Math.min(Math.max(halvings, 0), LAST_STAGE) * width + kind
    counts[index]++
    macs[index] += kernel.macs
  }
  const features: Features = {}
  for (let stage = 0; stage <= LAST_STAGE; stage++) {
    const scope = `stage${stage}` as const
    KINDS.forEach(({ name, hasWeights }, kind) => {
      if (!STAGED[kind]) return
      features[kernelFeatureName(scope, name, 'count')] = counts[stage * width + kind]
      if (hasWeights) {
        features[kernelFeatureName(scope, name, 'macs')] = macs[stage * width + kind]
      }
    })
  }
  return features
}
