import type { Network } from '@leti/network'
import type { Weights } from '../weights/weights.js'

/** A network that was read from a file, with its weights. */
export interface ReadModel {
  readonly network: Network
  readonly weights: Weights
  /** Whether the file is quantized; the network is the float network that it stands for. */
  readonly isQuantized: boolean
  /** How many inputs the file computes at once; absent for one. */
  readonly batch?: number | undefined
}
