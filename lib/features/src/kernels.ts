import type { Kernel, OperatorType } from '@leti/network'
import type { Features } from '@leti/records'

/** Operators with a window are told apart by its size; sizes beyond the usual ones share `other`. */
const WINDOW_SIZES: Partial<Record<OperatorType, readonly number[]>> = {
  conv2d: [1, 3, 5],
  depthwise_conv2d: [3],
  max_pool: [2, 3],
  avg_pool: [3],
}
const WITH_WEIGHTS: readonly OperatorType[] = ['conv2d', 'depthwise_conv2d', 'dense', 'batch_norm']
const WITHOUT_WEIGHTS: readonly OperatorType[] = [
  'max_pool',
  'avg_pool',
  'global_avg_pool',
  'add',
  'concat',
  'channel_shuffle',
  'zeros',
  'truncate',
  'relu',
]

/** The names of a kind's sums; a kind that has no weights has no MACs either. */
const SUMS = ['count', 'input_bytes', 'output_bytes'] as const
const WEIGHT_SUMS = ['macs', 'weight_bytes'] as const

const NAMES = [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].flatMap((type) => {
  const sums = WITH_WEIGHTS.includes(type) ? [...SUMS, ...WEIGHT_SUMS] : SUMS
  return kindsOf(type).flatMap((kind) => sums.map((sum) => `kernel_${kind}_${sum}`))
})

/** Where the sums of each kind begin in `NAMES`. */
const OFFSETS = new Map(
  [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].map((type) => [
    type,
    kindsOf(type).map((kind) => NAMES.indexOf(`kernel_${kind}_count`)),
  ]),
)

/**
 * For each kind of kernel after fusion, the sums over its kernels of one, MACs, input, output and
 * weight bytes. All kinds are there, absent ones as zeros, so that all networks have the same
 * features.
 */
export function kernelFeatures(kernels: readonly Kernel[]): Features {
  const sums = new Float64Array(NAMES.length)
  for (const kernel of kernels) {
    if (kernel.operator.type === 'input') continue
    const offset = offsetOf(kernel)
    sums[offset]++
    sums[offset + 1] += kernel.input_bytes
    sums[offset + 2] += kernel.output_bytes
    if (kernel.weight_bytes > 0) {
      sums[offset + 3] += kernel.macs
      sums[offset + 4] += kernel.weight_bytes
    }
  }
  const features: Features = {}
  NAMES.forEach((name, index) => (features[name] = sums[index]))
  return features
}

function offsetOf({ operator }: Kernel): number {
  const offsets = OFFSETS.get(operator.type) as number[]
  if (!('window' in operator)) return offsets[0]
  const [height, width] = operator.window.size
  const sizes = WINDOW_SIZES[operator.type] as readonly number[]
  const known = height === width ? sizes.indexOf(height) : -1
  return offsets[known < 0 ? sizes.length : known]
}

function kindsOf(type: OperatorType): string[] {
  const sizes = WINDOW_SIZES[type]
  return sizes ? [...sizes.map((size) => `${type}_${size}x${size}`), `${type}_other`] : [type]
}
