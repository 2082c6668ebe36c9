import type { Operator, OperatorOf, OperatorType, Shape } from './operators/index.js'

export const IMAGE: Shape = [9, 7, 4]
export const WINDOW = { size: [3, 3], strides: [2, 2], padding: 'same' } as const
const RESIZE = { size: [3, 5], alignCorners: true, halfPixelCenters: false } as const

/** An operator and the shapes of its inputs, with output shape and cost computed by hand. */
interface Example<O> {
  readonly operator: O
  readonly inputs: readonly Shape[]
  readonly shape: Shape
  readonly macs: number
  readonly parameters: number
}

/** A function of one element. */
function unary<T extends OperatorType>(operator: OperatorOf<T>): Example<OperatorOf<T>> {
  return { operator, inputs: [IMAGE], shape: IMAGE, macs: 0, parameters: 0 }
}

/** An operator without multiplications and weights. */
function free<T extends OperatorType>(
  operator: OperatorOf<T>,
  shape: Shape,
  ...inputs: readonly Shape[]
): Example<OperatorOf<T>> {
  return { operator, inputs, shape, macs: 0, parameters: 0 }
}

/**
 * One example for each type of operator: `tsc` names the missing ones. The tests of `lib/formats` write,
 * run and read back each of them.
 */
const BY_TYPE: { readonly [T in OperatorType]: Example<OperatorOf<T>> } = {
  input: free({ type: 'input', shape: IMAGE }, IMAGE),
  constant: {
    operator: { type: 'constant', shape: [3, 4] },
    inputs: [],
    shape: [3, 4],
    macs: 0,
    parameters: 12,
  },
  conv2d: {
    operator: { type: 'conv2d', filters: 6, window: WINDOW, bias: true, groups: 2 },
    inputs: [IMAGE],
    shape: [5, 4, 6],
    // Each output element sums 3 x 3 pixels of the 2 channels of its group.
    macs: 5 * 4 * 6 * (3 * 3 * 2),
    parameters: 6 * (3 * 3 * 2) + 6,
  },
  depthwise_conv2d: {
    operator: { type: 'depthwise_conv2d', window: WINDOW, bias: true, multiplier: 3 },
    inputs: [IMAGE],
    shape: [5, 4, 12],
    macs: 5 * 4 * 12 * (3 * 3),
    parameters: 12 * (3 * 3) + 12,
  },
  conv3d: {
    operator: {
      type: 'conv3d',
      filters: 5,
      window: { size: [2, 3, 3], strides: [1, 2, 2], padding: 'valid' },
      bias: true,
    },
    inputs: [[4, 9, 7, 3]],
    shape: [3, 4, 3, 5],
    // Each output element sums 2 x 3 x 3 voxels of 3 channels.
    macs: 3 * 4 * 3 * 5 * (2 * 3 * 3 * 3),
    parameters: 5 * (2 * 3 * 3 * 3) + 5,
  },
  transpose_conv2d: {
    operator: {
      type: 'transpose_conv2d',
      filters: 6,
      window: WINDOW,
      bias: true,
      outputSize: [18, 13],
    },
    inputs: [IMAGE],
    shape: [18, 13, 6],
    // Each input element is spread over a window of 6 output channels.
    macs: 9 * 7 * 4 * (3 * 3 * 6),
    parameters: 4 * (3 * 3 * 6) + 6,
  },
  dense: {
    operator: { type: 'dense', units: 5, bias: true },
    inputs: [IMAGE],
    shape: [9, 7, 5],
    macs: 9 * 7 * 5 * 4,
    parameters: 5 * 4 + 5,
  },
  matmul: {
    operator: { type: 'matmul', transposeB: true },
    inputs: [
      [3, 5, 4],
      [3, 6, 4],
    ],
    shape: [3, 5, 6],
    macs: 3 * 5 * 6 * 4,
    parameters: 0,
  },
  relu: unary({ type: 'relu' }),
  relu6: unary({ type: 'relu6' }),
  relu_n1_to_1: unary({ type: 'relu_n1_to_1' }),
  elu: unary({ type: 'elu' }),
  hard_swish: unary({ type: 'hard_swish' }),
  gelu: unary({ type: 'gelu' }),
  sigmoid: unary({ type: 'sigmoid' }),
  tanh: unary({ type: 'tanh' }),
  softplus: unary({ type: 'softplus' }),
  exp: unary({ type: 'exp' }),
  log: unary({ type: 'log' }),
  abs: unary({ type: 'abs' }),
  neg: unary({ type: 'neg' }),
  sign: unary({ type: 'sign' }),
  floor: unary({ type: 'floor' }),
  ceil: unary({ type: 'ceil' }),
  round: unary({ type: 'round' }),
  sin: unary({ type: 'sin' }),
  cos: unary({ type: 'cos' }),
  sqrt: unary({ type: 'sqrt' }),
  rsqrt: unary({ type: 'rsqrt' }),
  leaky_relu: unary({ type: 'leaky_relu', alpha: 0.2 }),
  clip: unary({ type: 'clip', min: 0, max: 1 }),
  add: free({ type: 'add' }, [9, 7, 4], [9, 1, 4], [7, 1]),
  sub: free({ type: 'sub' }, IMAGE, IMAGE, [4]),
  mul: free({ type: 'mul' }, IMAGE, [1, 1, 4], IMAGE),
  div: free({ type: 'div' }, IMAGE, IMAGE, []),
  maximum: free({ type: 'maximum' }, IMAGE, IMAGE, [4]),
  minimum: free({ type: 'minimum' }, IMAGE, IMAGE, [7, 1]),
  prelu: free({ type: 'prelu' }, IMAGE, IMAGE, [1, 1, 4]),
  batch_norm: {
    operator: { type: 'batch_norm' },
    inputs: [IMAGE],
    shape: IMAGE,
    macs: 0,
    // Scale and shift of 4 channels; the moving statistics are not trained.
    parameters: 2 * 4,
  },
  softmax: unary({ type: 'softmax' }),
  max_pool: free({ type: 'max_pool', window: WINDOW }, [5, 4, 4], IMAGE),
  avg_pool: free({ type: 'avg_pool', window: { ...WINDOW, padding: 'valid' } }, [4, 3, 4], IMAGE),
  global_avg_pool: free({ type: 'global_avg_pool' }, [4], IMAGE),
  mean: free({ type: 'mean', axes: [0], keepDims: true }, [1, 7, 4], IMAGE),
  reduce_sum: free({ type: 'reduce_sum', axes: [1], keepDims: false }, [9, 4], IMAGE),
  reduce_max: free({ type: 'reduce_max', axes: [0, 1], keepDims: false }, [4], IMAGE),
  reduce_min: free({ type: 'reduce_min', axes: [2], keepDims: true }, [9, 7, 1], IMAGE),
  resize_bilinear: free({ type: 'resize_bilinear', ...RESIZE }, [3, 5, 4], IMAGE),
  resize_nearest: free({ type: 'resize_nearest', ...RESIZE }, [3, 5, 4], IMAGE),
  concat: free({ type: 'concat', axis: 0 }, [7, 5], [3, 5], [4, 5]),
  channel_shuffle: free({ type: 'channel_shuffle', groups: 2 }, IMAGE, IMAGE),
  zeros: unary({ type: 'zeros' }),
  truncate: free({ type: 'truncate', channels: 3 }, [9, 7, 3], IMAGE),
  slice: free(
    { type: 'slice', begin: [8, 0, 1], size: [3, 7, 2], strides: [-4, 1, 2] },
    [3, 7, 2],
    IMAGE,
  ),
  pad: free(
    {
      type: 'pad',
      paddings: [
        [1, 0],
        [0, 0],
        [0, 2],
      ],
    },
    [10, 7, 6],
    IMAGE,
  ),
  reshape: free({ type: 'reshape', shape: [63, 4] }, [63, 4], IMAGE),
  squeeze: free({ type: 'squeeze', axes: [0] }, [7], [1, 7]),
  transpose: free({ type: 'transpose', permutation: [2, 0, 1] }, [4, 9, 7], IMAGE),
  depth_to_space: free({ type: 'depth_to_space', blockSize: 2 }, [18, 14, 1], IMAGE),
  traffic: free({ type: 'traffic', name: 'TILE', shape: [18, 7, 4] }, [18, 7, 4], IMAGE),
  unknown: free({ type: 'unknown', name: 'LSTM', shape: [3] }, [3], IMAGE, IMAGE),
  unknown_output: free({ type: 'unknown_output', index: 1, shape: [2] }, [2], [3]),
}

export const EXAMPLES: readonly Example<Operator>[] = Object.values(BY_TYPE)
