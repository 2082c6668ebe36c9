import type { Kernel, OperatorType } from '@leti/network'

/** A kind of kernel: an operator type, for operators with a window also the size of the window. */
export interface KernelKind {
  readonly name: string
  readonly type: OperatorType
  /** Height and width of the window; absent for operators without one and for unusual sizes. */
  readonly size?: number
  readonly hasWeights: boolean
  /** Whether the features of paths and stages count the kind. */
  readonly onPath: boolean
}

/** Window sizes with a kind of their own; all other sizes share the kind `<type>_other`. */
const WINDOW_SIZES: Partial<Record<OperatorType, readonly number[]>> = {
  conv2d: [1, 3, 5],
  depthwise_conv2d: [3, 5],
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
const OFF_PATH: readonly OperatorType[] = [
  'dense',
  'batch_norm',
  'global_avg_pool',
  'zeros',
  'channel_shuffle',
  'truncate',
  'relu',
]

export const KINDS: readonly KernelKind[] = [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].flatMap(
  (type): KernelKind[] => {
    const common = {
      type,
      hasWeights: WITH_WEIGHTS.includes(type),
      onPath: !OFF_PATH.includes(type),
    }
    const sizes = WINDOW_SIZES[type]
    if (!sizes) return [{ ...common, name: type }]
    return [
      ...sizes.map((size) => ({ ...common, name: `${type}_${size}x${size}`, size })),
      { ...common, name: `${type}_other`, onPath: false },
    ]
  },
)

/** Result of `kindOf` for inputs and constants, which do no work. */
export const NO_WORK = -1
/** Result of `kindOf` for operators that occur in no search space. */
export const OTHER = -2

/** Index of the kernel's kind in `KINDS`, or `NO_WORK`, or `OTHER`. */
export function kindOf({ operator }: Kernel): number {
  if (operator.type === 'input' || operator.type === 'constant') return NO_WORK
  const first = FIRST.get(operator.type)
  if (first === undefined) return OTHER
  const sizes = WINDOW_SIZES[operator.type]
  if (!sizes || !('window' in operator)) return first
  const [height, width] = operator.window.size
  const known = height === width ? sizes.indexOf(height) : -1
  return first + (known < 0 ? sizes.length : known)
}

/** Index in `KINDS` of the first kind of each operator type. */
const FIRST = new Map<string, number>(
  [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].map((type) => [
    type,
    KINDS.findIndex((kind) => kind.type === type),
  ]),
)
