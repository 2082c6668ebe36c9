import {
  NetworkBuilder,
  type Network,
  type Operator,
  type Padding,
  type Shape,
  type Size,
} from '@leti/network'

/** Activations by their usual names; some take several operators. */
export type Act = 'relu' | 'relu6' | 'gelu' | 'swish' | 'hard_swish' | 'sigmoid' | 'hard_sigmoid'

/** A window is 1x1, its stride 1 and its padding `same` where nothing else is said. */
interface WindowOptions {
  readonly size?: number | Size
  readonly stride?: number
  readonly padding?: Padding
}

interface ConvOptions extends WindowOptions {
  readonly act?: Act
}

/**
 * Builds a network layer by layer; every method returns the node of its output. Nodes are named after
 * their operators and numbered, as Keras does: `conv2d_7`.
 */
export class Layers {
  private readonly network = new NetworkBuilder()
  private readonly counts = new Map<string, number>()

  op(operator: Operator, ...inputs: number[]): number {
    const { type } = operator
    const count = (this.counts.get(type) ?? 0) + 1
    this.counts.set(type, count)
    return this.network.add(`${type}_${count}`, operator, ...inputs)
  }

  image(resolution: number): number {
    return this.network.add('input', { type: 'input', shape: [resolution, resolution, 3] })
  }

  build(name: string, output: number): Network {
    return this.network.build(name, output)
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

  /** Convolution without a bias, nothing after it. */
  plainConv(x: number, filters: number, window: WindowOptions = {}): number {
    return this.op({ type: 'conv2d', filters, window: toWindow(window), bias: false }, x)
  }

  /** Convolution without a bias, batch norm, activation. */
  convBn(x: number, filters: number, { act, ...window }: ConvOptions = {}): number {
    return this.batchNorm(this.plainConv(x, filters, window), act)
  }

  /** The same with the channels in groups. */
  groupedConvBn(
    x: number,
    filters: number,
    groups: number,
    { act, ...window }: ConvOptions,
  ): number {
    const conv = { type: 'conv2d', filters, groups, window: toWindow(window), bias: false } as const
    return this.batchNorm(this.op(conv, x), act)
  }

  /** Depthwise convolution with or without a bias, nothing after it. */
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
    switch (act) {
      case undefined:
        return x
      case 'swish':
        return this.mul(x, this.op({ type: 'sigmoid' }, x))
      case 'hard_sigmoid': {
        // relu6(x + 3) / 6, as TensorFlow's and PyTorch's converters write it.
        const gate = this.op({ type: 'relu6' }, this.add(x, this.scalar(3)))
        return this.mul(gate, this.scalar(1 / 6))
      }
      default:
        return this.op({ type: act }, x)
    }
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

  /** The usual head: global average pooling and a dense layer of 1000 classes. */
  classifier(x: number): number {
    return this.dense(this.globalAvgPool(x), CLASSES)
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

  /** A channel range of an image, or a range of columns of a matrix. */
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

  /** Numbers that are trained, read as an activation is. */
  weights(...shape: number[]): number {
    return this.op({ type: 'constant', shape })
  }

  /** A number of the architecture. */
  scalar(value: number): number {
    return this.op({ type: 'constant', shape: [], value })
  }
}

/** ImageNet's. */
export const CLASSES = 1000

function toWindow({ size = 1, stride = 1, padding = 'same' }: WindowOptions) {
  const both = typeof size === 'number' ? ([size, size] as const) : size
  return { size: both, strides: [stride, stride], padding } as const
}
