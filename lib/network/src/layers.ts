import { NetworkBuilder, type Network } from './network.js'
import type { Operator, OperatorType, Padding, Shape, Size } from './operators/index.js'

/** Activation functions of a layer by their common names; some take several operators. */
export type Act = 'relu' | 'relu6' | 'gelu' | 'swish' | 'hard_swish' | 'sigmoid' | 'hard_sigmoid'

/** By default a window is 1x1, its stride is 1 and its padding is `same`. */
export interface WindowOptions {
  readonly size?: number | Size
  readonly stride?: number
  readonly padding?: Padding
}

export interface ConvOptions extends WindowOptions {
  readonly act?: Act
}

/** Names a node after its operator. */
type Naming = (type: OperatorType) => string

/**
 * Builds a network layer by layer; a layer is one operator or a few. Every method returns the node of
 * its output. Nodes are named after their operators, inside a scope as in TensorFlow:
 * `stack0/module1/conv2d`.
 */
export class Layers {
  constructor(
    private readonly network = new NetworkBuilder(),
    private readonly prefix = '',
    private readonly nameOf: Naming = (type) => prefix + type,
  ) {}

  /** Layers whose nodes are numbered by type, as in Keras: `conv2d_7`. */
  static numbered(): Layers {
    const counts = new Map<OperatorType, number>()
    return new Layers(new NetworkBuilder(), '', (type) => {
      const count = (counts.get(type) ?? 0) + 1
      counts.set(type, count)
      return `${type}_${count}`
    })
  }

  /** The same network, within a scope of names. */
  in(scope: string): Layers {
    return new Layers(this.network, `${this.prefix}${scope}/`)
  }

  /** The same network, for one node with a name of its own. */
  named(name: string): Layers {
    return new Layers(this.network, this.prefix, () => this.prefix + name)
  }

  op(operator: Operator, ...inputs: number[]): number {
    return this.network.add(this.nameOf(operator.type), operator, ...inputs)
  }

  input(...shape: number[]): number {
    return this.named('input').op({ type: 'input', shape })
  }

  /** A square image of three channels. */
  image(resolution: number): number {
    return this.input(resolution, resolution, 3)
  }

  build(name: string, ...outputs: number[]): Network {
    return this.network.build(name, ...outputs)
  }

  shape(x: number): Shape {
    return this.network.shapeOf(x)
  }

  channels(x: number): number {
    const shape = this.shape(x)
    return shape[shape.length - 1]
  }

  /** Convolution with a bias. */
  conv(x: number, filters: number, { act, ...window }: ConvOptions = {}): number {
    const conv = { type: 'conv2d', filters, window: toWindow(window), bias: true } as const
    return this.act(this.op(conv, x), act)
  }

  /** Convolution without a bias. */
  plainConv(x: number, filters: number, window: WindowOptions = {}): number {
    return this.op({ type: 'conv2d', filters, window: toWindow(window), bias: false }, x)
  }

  /** Convolution without a bias, batch norm, activation. */
  convBn(x: number, filters: number, { act, ...window }: ConvOptions = {}): number {
    return this.batchNorm(this.plainConv(x, filters, window), act)
  }

  /** Convolution without a bias on groups of channels, batch norm, activation. */
  groupedConvBn(
    x: number,
    filters: number,
    groups: number,
    { act, ...window }: ConvOptions,
  ): number {
    const conv = { type: 'conv2d', filters, groups, window: toWindow(window), bias: false } as const
    return this.batchNorm(this.op(conv, x), act)
  }

  /** Depthwise convolution. */
  depthwise(x: number, window: WindowOptions, bias: boolean): number {
    return this.op({ type: 'depthwise_conv2d', window: toWindow(window), bias }, x)
  }

  /** Depthwise convolution without a bias, batch norm, activation. */
  depthwiseBn(x: number, { act, ...window }: ConvOptions): number {
    return this.batchNorm(this.depthwise(x, window, false), act)
  }

  batchNorm(x: number, act?: Act): number {
    return this.act(this.op({ type: 'batch_norm' }, x), act)
  }

  act(x: number, act: Act | undefined): number {
    if (act === undefined) return x
    if (act === 'swish') return this.mul(x, this.op({ type: 'sigmoid' }, x))
    if (act !== 'hard_sigmoid') return this.op({ type: act }, x)
    // relu6(x + 3) / 6, as TensorFlow's and PyTorch's converters write it.
    const gate = this.op({ type: 'relu6' }, this.add(x, this.scalar(3)))
    return this.mul(gate, this.scalar(1 / 6))
  }

  maxPool(x: number, window: WindowOptions): number {
    return this.op({ type: 'max_pool', window: toWindow(window) }, x)
  }

  avgPool(x: number, window: WindowOptions): number {
    return this.op({ type: 'avg_pool', window: toWindow(window) }, x)
  }

  globalAvgPool(x: number): number {
    return this.op({ type: 'global_avg_pool' }, x)
  }

  /** Fully connected layer with a bias. */
  dense(x: number, units: number, act?: Act): number {
    return this.act(this.op({ type: 'dense', units, bias: true }, x), act)
  }

  /** Global average pooling and a dense layer. */
  classifier(x: number, classes: number): number {
    return this.dense(this.globalAvgPool(x), classes)
  }

  add(...terms: number[]): number {
    return this.op({ type: 'add' }, ...terms)
  }

  mul(a: number, b: number): number {
    return this.op({ type: 'mul' }, a, b)
  }

  concat(...parts: number[]): number {
    return this.op({ type: 'concat' }, ...parts)
  }

  reshape(x: number, ...shape: number[]): number {
    return this.op({ type: 'reshape', shape }, x)
  }

  /** Elements `begin` to `begin + size` of the last axis: channels of an image, columns of a matrix. */
  slice(x: number, begin: number, size: number): number {
    const shape = this.shape(x)
    const last = shape.length - 1
    const start = shape.map(() => 0).with(last, begin)
    return this.op({ type: 'slice', begin: start, size: shape.with(last, size) }, x)
  }

  /** Zeros around an image. */
  pad(x: number, before: number, after: number): number {
    const side = [before, after] as const
    return this.op({ type: 'pad', paddings: [side, side, [0, 0]] }, x)
  }

  /** Trained numbers that an operator reads as an input. */
  weights(...shape: number[]): number {
    return this.op({ type: 'constant', shape })
  }

  /** A number that the architecture fixes. */
  scalar(value: number): number {
    return this.op({ type: 'constant', shape: [], value })
  }
}

/** The classes of ImageNet, which most published networks have. */
export const IMAGENET_CLASSES = 1000

function toWindow({ size = 1, stride = 1, padding = 'same' }: WindowOptions) {
  const both = typeof size === 'number' ? ([size, size] as const) : size
  return { size: both, strides: [stride, stride], padding } as const
}
