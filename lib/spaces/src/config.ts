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
  if (!isObject(value)) throw bad('"config" must be an object')
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(published, name)) continue
    const known = Object.keys(published).join(', ')
    throw bad(`unknown config member ${JSON.stringify(name.slice(0, 60))}; known: ${known}`)
  }
  const config = { ...published, ...value }
  const { input_shape, ...numbers } = config
  if (!Array.isArray(input_shape) || input_shape.length !== 3 || !input_shape.every(isSize)) {
    throw bad(
      `config.input_shape must be [height, width, channels], whole numbers from 1 to ${MAX_SIZE}`,
    )
  }
  for (const [name, number] of Object.entries(numbers)) {
    if (!isSize(number)) {
      throw bad(`config.${name} must be a positive whole number up to ${MAX_SIZE}`)
    }
  }
  return config
}

/** Whether a value is a size that a network can have. */
export function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIZE
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
