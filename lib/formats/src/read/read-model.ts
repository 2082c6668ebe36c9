import type { Network } from '@leti/network'
import type { Weights } from '../weights/weights.js'

/** A network that was read from a file, and the numbers of its weights. */
export interface ReadModel {
  readonly network: Network
  readonly weights: Weights
}
