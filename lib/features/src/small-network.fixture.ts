import { Layers, type Network } from '@leti/network'

/**
 * A network small enough to compute its features by hand, with one operator of most types. Shapes are
 * height x width x channels; an element has 4 bytes.
 *
 * ```
 * image         8x8x4   256 elements  1024 bytes
 * a             8x8x8   512           2048        3x3 convolution, batch norm, ReLU
 * ├─ b          8x8x8   512           2048        1x1 convolution in 2 groups with a bias, batch norm
 * │  └─ d       4x4x8   128            512        2x2 max pool
 * └─ c          4x4x8   128            512        3x3 depthwise convolution, batch norm
 * sum           4x4x8   128            512        c + d
 * relu          4x4x8   128            512        read by one node, but no converter fuses it into a sum
 * concat        4x4x16  256           1024        of relu and d
 * pooled        16       16             64        global average pool
 * dense         10       10             40        with a bias
 * ```
 */
export function smallNetwork(): Network {
  const net = new Layers()
  const image = net.input(8, 8, 4)
  const a = net.convBn(image, 8, { size: 3, act: 'relu' })
  const pointwise = { size: [1, 1], strides: [1, 1], padding: 'same' } as const
  const grouped = { type: 'conv2d', filters: 8, window: pointwise, bias: true, groups: 2 } as const
  const b = net.batchNorm(net.op(grouped, a))
  const c = net.depthwiseBn(a, { size: 3, stride: 2 })
  const d = net.maxPool(b, { size: 2, stride: 2 })
  const sum = net.add(c, d)
  const relu = net.act(sum, 'relu')
  const concat = net.concat(relu, d)
  return net.build('small', net.classifier(concat, 10))
}

/** A window of which only the size matters. */
export function windowOf(height: number, width: number, stride = 1) {
  return { size: [height, width], strides: [stride, stride], padding: 'same' } as const
}

/** The features other than 0. */
export function present(features: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(features).filter(([, value]) => value !== 0))
}
