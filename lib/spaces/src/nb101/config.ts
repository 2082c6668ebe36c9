import { isObject, LetiError } from '@leti/records'

/** The skeleton around the cells, with the names of the public API. */
export interface Config {
  /** Height, width, channels of the image. */
  readonly input_shape: readonly [number, number, number]
  readonly stem_filter_size: number
  readonly num_stacks: number
  readonly num_modules_per_stack: number
  readonly num_labels: number
}

/** As published for CIFAR-10. */
const PUBLISHED_CONFIG: Config = {
  input_shape: [32, 32, 3],
  stem_filter_size: 128,
  num_stacks: 3,
  num_modules_per_stack: 3,
  num_labels: 10,
}

/**
 * Parses a configuration; members that `value` lacks have their published values.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseConfig(value: unknown): Config {
  if (value === undefined) return PUBLISHED_CONFIG
  if (!isObject(value)) throw bad('"config" must be an object')
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(PUBLISHED_CONFIG, name)) throw bad(`unknown config member "${name}"`)
  }
  const config = { ...PUBLISHED_CONFIG, ...value }
  const { input_shape, ...counts } = config
  const whole = (size: unknown): boolean => Number.isInteger(size) && (size as number) > 0
  if (!Array.isArray(input_shape) || input_shape.length !== 3 || !input_shape.every(whole)) {
    throw bad('config.input_shape must be [height, width, channels]')
  }
  for (const [name, count] of Object.entries(counts)) {
    if (!whole(count)) throw bad(`config.${name} must be a positive whole number`)
  }
  return config
}

/** The members that differ from the published configuration; undefined if none does. */
export function configDifference(config: Config): Partial<Config> | undefined {
  const entries = Object.entries(config).filter(
    ([name, value]) => String(value) !== String(PUBLISHED_CONFIG[name as keyof Config]),
  )
  return entries.length ? Object.fromEntries(entries) : undefined
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
