/** Height and width, in elements. */
export type Size = readonly [height: number, width: number]

/** Shape of an activation without its batch: `[height, width, channels]` or `[channels]`. */
export type Shape = readonly number[]

export type Padding = 'same' | 'valid'

export interface Window {
  readonly size: Size
  readonly strides: Size
  readonly padding: Padding
}

export interface Input {
  readonly type: 'input'
  readonly shape: Shape
}

export interface Conv2d {
  readonly type: 'conv2d'
  readonly filters: number
  readonly window: Window
  readonly bias: boolean
  /** Groups of channels that are convolved apart; 1 where it is absent. */
  readonly groups?: number
}

export interface DepthwiseConv2d {
  readonly type: 'depthwise_conv2d'
  readonly window: Window
  readonly bias: boolean
}

export interface BatchNorm {
  readonly type: 'batch_norm'
}

export interface Relu {
  readonly type: 'relu'
}

export interface MaxPool {
  readonly type: 'max_pool'
  readonly window: Window
}

/** Mean over each window; what padding adds is not counted. */
export interface AvgPool {
  readonly type: 'avg_pool'
  readonly window: Window
}

/** Mean over height and width: `[height, width, channels]` becomes `[channels]`. */
export interface GlobalAvgPool {
  readonly type: 'global_avg_pool'
}

export interface Dense {
  readonly type: 'dense'
  readonly units: number
  readonly bias: boolean
}

/** Sum of two or more activations of one shape. */
export interface Add {
  readonly type: 'add'
}

/** Concatenation along the channels. */
export interface Concat {
  readonly type: 'concat'
}

/** Channels dealt from `groups` blocks in turn, so that what grouped convolutions keep apart mixes. */
export interface ChannelShuffle {
  readonly type: 'channel_shuffle'
  readonly groups: number
}

/** Zeros in the shape of its input: an eager framework multiplies by 0, a converter folds it away. */
export interface Zeros {
  readonly type: 'zeros'
}

/** The first `channels` channels. */
export interface Truncate {
  readonly type: 'truncate'
  readonly channels: number
}

export type Operator =
  | Input
  | Conv2d
  | DepthwiseConv2d
  | BatchNorm
  | Relu
  | MaxPool
  | AvgPool
  | GlobalAvgPool
  | Dense
  | Add
  | Concat
  | ChannelShuffle
  | Zeros
  | Truncate

export type OperatorType = Operator['type']

/** Every operator that does work, in a fixed order: the vocabulary of the features. */
export const OPERATOR_TYPES = [
  'conv2d',
  'depthwise_conv2d',
  'batch_norm',
  'relu',
  'max_pool',
  'avg_pool',
  'global_avg_pool',
  'dense',
  'add',
  'concat',
  'channel_shuffle',
  'zeros',
  'truncate',
] as const satisfies readonly Exclude<OperatorType, 'input'>[]
