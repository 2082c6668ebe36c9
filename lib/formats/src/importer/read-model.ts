import type { Network } from '@leti/network'
import type { Weights } from '../weights/weights.js'

/** A network that was read from a file, and the numbers of its weights. */
export interface ReadModel {
  readonly network: Network
  readonly weights: Weights
  /** Whether the file computes in whole numbers: the network is that of floats that it stands for. */
  readonly isQuantised: boolean
}
