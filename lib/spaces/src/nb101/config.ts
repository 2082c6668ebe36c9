import { PUBLISHED } from '@leti/records'
import {
  badArch,
  configDifference,
  configSuffix,
  parsedConfig,
  type ImageShape,
} from '../config.js'

/** The skeleton around the cells, with the names of the public API. */
export interface Config {
  readonly input_shape: ImageShape
  readonly stem_filter_size: number
  readonly num_stacks: number
  readonly num_modules_per_stack: number
  readonly num_labels: number
}

/** As published for CIFAR-10. */
const PUBLISHED_CONFIG: Config = PUBLISHED.nb101.config

/** The letters of the members in an id. */
const LETTERS: Readonly<Record<keyof Config, string>> = {
  input_shape: 'i',
  stem_filter_size: 'f',
  num_stacks: 's',
  num_modules_per_stack: 'm',
  num_labels: 'l',
}

/** Limit on modules, far beyond real networks: each adds dozens of operators. */
const MAX_MODULES = 1000

/**
 * Parses a configuration; members that `value` lacks have their published values.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseConfig(value: unknown): Config {
  const config = parsedConfig(value, PUBLISHED_CONFIG)
  const modules = config.num_stacks * config.num_modules_per_stack
  if (modules <= MAX_MODULES) return config
  throw badArch(
    `config.num_stacks times config.num_modules_per_stack is ${modules}: the limit is ${MAX_MODULES}`,
  )
}

/** What a configuration adds to a record: `config` if it is not the published one, and a suffix of the id. */
export function configOfRecord(config: Config): {
  readonly config?: Partial<Config>
  readonly suffix: string
} {
  const difference = configDifference(config, PUBLISHED_CONFIG)
  const suffix = configSuffix(difference, LETTERS)
  return { ...(suffix && { config: difference }), suffix }
}
