import type { Kernel, OperatorType } from '@leti/network'

/** A kind of kernel: its operator, told apart by the size of its window where it has one. */
export interface Kind {
  readonly name: string
  readonly type: OperatorType
  /** Height and width of the window; absent where it has none, or one beyond the usual sizes. */
  readonly size?: number
  readonly hasWeights: boolean
  /** Whether kernels of the kind differ in number between the paths of one network. */
  readonly onPath: boolean
}

/** Operators with a window are told apart by its size; sizes beyond the usual ones share `other`. */
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

export const KINDS: readonly Kind[] = [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].flatMap(
  (type): Kind[] => {
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

/** What `kindOf` gives for inputs and constants, which are no work, and for kinds without a name. */
export const NO_WORK = -1
export const OTHER = -2

/** The number of the kernel's kind in `KINDS`; `NO_WORK`, or `OTHER` where no search space has it. */
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

/** Where the kinds of an operator begin. */
const FIRST = new Map<string, number>(
  [...WITH_WEIGHTS, ...WITHOUT_WEIGHTS].map((type) => [
    type,
    KINDS.findIndex((kind) => kind.type === type),
  ]),
)
