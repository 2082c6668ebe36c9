import { isObject, LetiError } from '@leti/records'

/** Height, width, channels of an image. */
export type ImageShape = readonly [number, number, number]

/** A configuration of a space: the shape of the image, and numbers. */
interface AnyConfig {
  readonly input_shape: ImageShape
}

/** Far above the sizes of any network. */
const MAX_SIZE = 1 << 24

/**
 * Parses a configuration; members that `value` lacks have their published values.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parsedConfig<C extends AnyConfig>(value: unknown, published: C): C {
  if (value === undefined) return published
  const known = Object.keys(published).join(', ')
  if (!isObject(value)) throw badArch(`"config" must be an object with members of: ${known}`)
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(published, name)) continue
    throw badArch(`unknown config member ${JSON.stringify(name.slice(0, 60))}; known: ${known}`)
  }
  const config = { ...published, ...value }
  const { input_shape, ...numbers } = config
  if (!Array.isArray(input_shape) || input_shape.length !== 3 || !input_shape.every(isSize)) {
    throw badArch(
      `config.input_shape must be [height, width, channels], whole numbers from 1 to ${MAX_SIZE}`,
    )
  }
  for (const [name, number] of Object.entries(numbers)) {
    if (!isSize(number)) {
      throw badArch(`config.${name} must be a positive whole number up to ${MAX_SIZE}`)
    }
  }
  return config
}

/** Whether a value is a size that a network can have. */
export function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIZE
}

/** The value of a member that is a size. @throws {LetiError} `bad-arch` */
export function sizeOf(name: string, value: unknown): number {
  if (isSize(value)) return value
  throw badArch(`"${name}" must be a positive whole number up to ${MAX_SIZE}`)
}

/** The members that differ from the published configuration. */
export function configDifference<C extends object>(config: C, published: C): Partial<C> {
  const differs = ([name, value]: [string, unknown]): boolean =>
    String(value) !== String(published[name as keyof C])
  return Object.fromEntries(Object.entries(config).filter(differs)) as Partial<C>
}

/**
 * The part of an id that tells configurations apart, such as `-i16x16x3-l120`.
 *
 * @param letters of the members; none is a digit or `x`
 */
export function configSuffix<C extends object>(
  difference: Partial<C>,
  letters: Readonly<Record<keyof C, string>>,
): string {
  return Object.entries(difference)
    .map(([name, value]) => {
      const text = Array.isArray(value) ? value.join('x') : String(value)
      return `-${letters[name as keyof C]}${text}`
    })
    .join('')
}

export function badArch(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
