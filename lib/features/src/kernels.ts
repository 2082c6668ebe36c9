import type { Kernel } from '@leti/network'
import type { Features } from '@leti/records'

/** The kinds that have weights; sizes of windows beyond the usual ones share `other`. */
const WITH_WEIGHTS = [
  'conv2d_1x1',
  'conv2d_3x3',
  'conv2d_5x5',
  'conv2d_other',
  'depthwise_conv2d_3x3',
  'depthwise_conv2d_other',
  'dense',
  'batch_norm',
]
const WITHOUT_WEIGHTS = [
  'max_pool_2x2',
  'max_pool_3x3',
  'max_pool_other',
  'global_avg_pool',
  'add',
  'concat',
  'truncate',
  'relu',
]
const KINDS = new Set([...WITH_WEIGHTS, ...WITHOUT_WEIGHTS])

const ZEROS: Features = Object.fromEntries([
  ...WITH_WEIGHTS.flatMap((kind) =>
    ['count', 'macs', 'input_bytes', 'output_bytes', 'weight_bytes'].map((sum) => [
      `kernel_${kind}_${sum}`,
      0,
    ]),
  ),
  ...WITHOUT_WEIGHTS.flatMap((kind) =>
    ['count', 'input_bytes', 'output_bytes'].map((sum) => [`kernel_${kind}_${sum}`, 0]),
  ),
])

/**
 * For each kind of kernel after fusion, the sums over its kernels of one, MACs, input, output and
 * weight bytes. A kind that has no weights has no MACs either. All kinds are there, absent ones as
 * zeros, so that all networks have the same features.
 */
export function kernelFeatures(kernels: readonly Kernel[]): Features {
  const features = { ...ZEROS }
  for (const kernel of kernels) {
    if (kernel.operator.type === 'input') continue
    const prefix = `kernel_${kernelKind(kernel)}`
    features[`${prefix}_count`]++
    features[`${prefix}_input_bytes`] += kernel.input_bytes
    features[`${prefix}_output_bytes`] += kernel.output_bytes
    if (kernel.weight_bytes > 0) {
      features[`${prefix}_macs`] += kernel.macs
      features[`${prefix}_weight_bytes`] += kernel.weight_bytes
    }
  }
  return features
}

function kernelKind({ operator }: Kernel): string {
  if (!('window' in operator)) return operator.type
  const kind = `${operator.type}_${operator.window.size.join('x')}`
  return KINDS.has(kind) ? kind : `${operator.type}_other`
}
