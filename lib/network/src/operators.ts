/** Height and width, in elements. */
export type Size = readonly [height: number, width: number]

/** Shape of an activation without its batch, channels last: of an image `[height, width, channels]`. */
export type Shape = readonly number[]

export type Padding = 'same' | 'valid'

export interface Window {
  readonly size: Size
  readonly strides: Size
  readonly padding: Padding
}

/** A window whose elements may lie apart; `dilations` are 1 where they are absent. */
export interface DilatedWindow extends Window {
  readonly dilations?: Size
}

export interface Input {
  readonly type: 'input'
  readonly shape: Shape
}

/** Numbers that the model file holds, and that an operator reads as it reads an activation. */
export interface Constant {
  readonly type: 'constant'
  readonly shape: Shape
  /** What all its elements are where that is a part of the architecture, and no parameter. */
  readonly value?: number
}

export interface Conv2d {
  readonly type: 'conv2d'
  readonly filters: number
  readonly window: DilatedWindow
  readonly bias: boolean
  /** Groups of channels that are convolved apart; 1 where it is absent. */
  readonly groups?: number
}

export interface DepthwiseConv2d {
  readonly type: 'depthwise_conv2d'
  readonly window: DilatedWindow
  readonly bias: boolean
  /** Filters of each channel; 1 where it is absent. */
  readonly multiplier?: number
}

/** The gradient of a convolution by its input: strides enlarge the image to `outputSize`. */
export interface TransposeConv2d {
  readonly type: 'transpose_conv2d'
  readonly filters: number
  readonly window: Window
  readonly bias: boolean
  readonly outputSize: Size
}

export interface BatchNorm {
  readonly type: 'batch_norm'
}

/** Functions of one element; `gelu` is the exact one, by the error function. */
export interface Activation {
  readonly type:
    'relu' | 'relu6' | 'relu_n1_to_1' | 'elu' | 'hard_swish' | 'gelu' | 'sigmoid' | 'tanh' | 'rsqrt'
}

/** Elements below zero are multiplied by `alpha`. */
export interface LeakyRelu {
  readonly type: 'leaky_relu'
  readonly alpha: number
}

/** Elements below zero are multiplied by the second input, which is broadcast. */
export interface Prelu {
  readonly type: 'prelu'
}

/** Over the last axis. */
export interface Softmax {
  readonly type: 'softmax'
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

/** Mean over `axes`, counted without the batch; with `keepDims` they stay as axes of size 1. */
export interface Mean {
  readonly type: 'mean'
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

/** A fully connected layer on the last axis. */
export interface Dense {
  readonly type: 'dense'
  readonly units: number
  readonly bias: boolean
}

/** Product of two inputs' matrices, their last two axes; the axes before are the same in both. */
export interface Matmul {
  readonly type: 'matmul'
  /** Whether the second input's matrices are transposed first. */
  readonly transposeB: boolean
}

/** Sum of two inputs, broadcast to one shape, or of more inputs of one shape. */
export interface Add {
  readonly type: 'add'
}

/** Element by element on two inputs, broadcast to one shape. */
export interface Binary {
  readonly type: 'sub' | 'mul' | 'div'
}

/** Concatenation along an axis, counted without the batch: the channels where it is absent. */
export interface Concat {
  readonly type: 'concat'
  readonly axis?: number
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

/** `size` elements of each axis from `begin` on, `strides` apart; 1 where they are absent. */
export interface Slice {
  readonly type: 'slice'
  readonly begin: readonly number[]
  readonly size: readonly number[]
  readonly strides?: readonly number[]
}

/** Zeros before and after each axis. */
export interface Pad {
  readonly type: 'pad'
  readonly paddings: readonly (readonly [before: number, after: number])[]
}

export interface Reshape {
  readonly type: 'reshape'
  readonly shape: Shape
}

/** Drops axes of size 1. */
export interface Squeeze {
  readonly type: 'squeeze'
  readonly axes: readonly number[]
}

/** Axis `i` of the output is axis `permutation[i]` of the input, both counted without the batch. */
export interface Transpose {
  readonly type: 'transpose'
  readonly permutation: readonly number[]
}

/** The two flags are TensorFlow's: which points of the two images coincide. */
export interface Resize {
  readonly type: 'resize_bilinear' | 'resize_nearest'
  readonly size: Size
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

/** Channels become blocks of `blockSize` x `blockSize` pixels. */
export interface DepthToSpace {
  readonly type: 'depth_to_space'
  readonly blockSize: number
}

/** An operator of a model file that LETI does not know: its name there, and what it gives. */
export interface Unknown {
  readonly type: 'unknown'
  readonly name: string
  /** Shape of its first output. */
  readonly shape: Shape
}

/** A further output of the unknown operator that is its input. */
export interface UnknownOutput {
  readonly type: 'unknown_output'
  readonly index: number
  readonly shape: Shape
}

export type Operator =
  | Input
  | Constant
  | Conv2d
  | DepthwiseConv2d
  | TransposeConv2d
  | BatchNorm
  | Activation
  | LeakyRelu
  | Prelu
  | Softmax
  | MaxPool
  | AvgPool
  | GlobalAvgPool
  | Mean
  | Dense
  | Matmul
  | Add
  | Binary
  | Concat
  | ChannelShuffle
  | Zeros
  | Truncate
  | Slice
  | Pad
  | Reshape
  | Squeeze
  | Transpose
  | Resize
  | DepthToSpace
  | Unknown
  | UnknownOutput

export type OperatorType = Operator['type']
