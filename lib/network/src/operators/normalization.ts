import { free, unchanged, type Entries } from './entry.js'
import { channelsOf } from './shapes.js'

/** Scales and shifts each channel by statistics of the training data. */
export interface BatchNorm {
  readonly type: 'batch_norm'
}

/** Over the last axis. */
export interface Softmax {
  readonly type: 'softmax'
}

export type Normalization = BatchNorm | Softmax

export const NORMALIZATIONS: Entries<Normalization> = {
  batch_norm: {
    family: 'normalization',
    arity: 1,
    members: {},
    shape: unchanged,
    filter: { shape: (_norm, input) => [channelsOf(input)], outputAxes: [0] },
    // Scale and shift are trained; the moving mean and variance are stored only.
    cost: (_norm, { filter }) => ({ macs: 0, parameters: 2 * filter, untrained: 2 * filter }),
  },
  softmax: {
    family: 'normalization',
    arity: 1,
    members: {},
    shape: unchanged,
    cost: free,
  },
}
