import { PUBLISHED } from '@leti/records'
import {
  badArch,
  configDifference,
  configSuffix,
  parsedConfig,
  type ImageShape,
} from '../config.js'
import type { NB201_DATASETS } from '../names.js'
import type { ArchMembers, Settings } from '../space.js'

/** What differs between the data sets of the benchmark, with the names of NAS-Bench-101. */
export interface Nb201Config {
  readonly input_shape: ImageShape
  /** Number of classes. */
  readonly num_labels: number
}

/** CIFAR-10. */
const PUBLISHED_CONFIG: Nb201Config = PUBLISHED.nb201.config

/** The letters of the members in an id, as for NAS-Bench-101. */
const LETTERS: Readonly<Record<keyof Nb201Config, string>> = { input_shape: 'i', num_labels: 'l' }

type Dataset = (typeof NB201_DATASETS)[number]

/** The configurations of the benchmark, by its names of the data sets. */
const DATASETS: Readonly<Record<Dataset, Partial<Nb201Config>>> = {
  cifar10: {},
  cifar100: { num_labels: 100 },
  'ImageNet16-120': { input_shape: [16, 16, 3], num_labels: 120 },
}

/** @throws {LetiError} `bad-arch` */
export function parseNb201Config(value: unknown): Nb201Config {
  if (typeof value === 'string' && Object.hasOwn(DATASETS, value)) {
    const config = JSON.stringify(DATASETS[value as Dataset])
    throw badArch(`"config" must be an object; that of ${value} is ${config}`)
  }
  return parsedConfig(value, PUBLISHED_CONFIG)
}

/** `dataset` is short for the other two. */
export const NB201_SETTINGS: Settings = {
  names: ['dataset', 'input_shape', 'num_labels'],
  record: ({ dataset, ...given }: ArchMembers) => {
    if (dataset !== undefined && Object.keys(given).length) {
      throw badArch('--dataset already sets --input-shape and --num-labels: leave them out')
    }
    const members = dataset === undefined ? given : DATASETS[dataset as Dataset]
    const difference = configDifference(parseNb201Config(members), PUBLISHED_CONFIG)
    const suffix = configSuffix(difference, LETTERS)
    return { members: suffix ? { config: difference } : {}, suffix }
  },
}
