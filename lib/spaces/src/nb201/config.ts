import { parsedConfig, type ImageShape } from '../config.js'

/** What differs between the data sets of the benchmark, with the names of NAS-Bench-101. */
export interface Nb201Config {
  readonly input_shape: ImageShape
  /** Number of classes. */
  readonly num_labels: number
}

/** CIFAR-10. CIFAR-100 has 100 classes; ImageNet16-120 has 120 and images of 16x16. */
const PUBLISHED_CONFIG: Nb201Config = { input_shape: [32, 32, 3], num_labels: 10 }

/** @throws {LetiError} `bad-arch` */
export function parseNb201Config(value: unknown): Nb201Config {
  return parsedConfig(value, PUBLISHED_CONFIG)
}
