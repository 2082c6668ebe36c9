import { asLetiError, LetiError, STATISTICS } from '@leti/records'

export interface NumberRange {
  readonly min?: number
  readonly max?: number
  readonly integer?: boolean
}

/** Range of --seed: the generators of random numbers take 32 bits. */
export const SEED_RANGE: NumberRange = { min: 0, max: 2 ** 32 - 1, integer: true }

/**
 * An option that takes a number in a range. Other values are usage errors. It is read as a string: of a repeated option
 * whose last value is the number 1, yargs adds 1 to the value before.
 */
export function numberOption(name: string, describe: string, range: NumberRange = {}) {
  return {
    type: 'number',
    string: true,
    describe,
    requiresArg: true,
    coerce: (value: unknown) => (value === undefined ? undefined : inRange(name, value, range)),
  } as const
}

/** A `numberOption` with a default. */
export function defaultedNumberOption(
  name: string,
  describe: string,
  fallback: number,
  range: NumberRange = {},
) {
  return {
    ...numberOption(name, describe, range),
    default: fallback,
    coerce: (value: unknown) => inRange(name, value, range),
  } as const
}

/** A `numberOption` that must be given. */
export function requiredNumberOption(name: string, describe: string, range: NumberRange = {}) {
  return {
    ...numberOption(name, describe, range),
    demandOption: true,
    coerce: (value: unknown) => inRange(name, value, range),
  } as const
}

function inRange(name: string, value: unknown, range: NumberRange): number {
  const { min = -Infinity, max = Infinity, integer = false } = range
  const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value)
  if (Number.isFinite(number) && number >= min && number <= max) {
    if (!integer || Number.isInteger(number)) return number
  }
  const kind = integer ? 'a whole number' : 'a number'
  throw new LetiError('usage', `--${name} takes ${kind}${rangeText(min, max)}`)
}

function rangeText(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`
  return min > -Infinity ? ` of at least ${min}` : ''
}

/** An option that takes a comma-separated list of known names. Other names are usage errors. */
export function listOption<Name extends string>(
  name: string,
  describe: string,
  known: readonly Name[],
  fallback: readonly Name[],
) {
  return {
    type: 'string',
    describe: `${describe}: ${known.join(', ')}`,
    requiresArg: true,
    default: fallback.join(','),
    coerce: (value: string): Name[] =>
      value.split(',').map((item) => {
        const found = known.find((candidate) => candidate === item.trim())
        if (found) return found
        throw new LetiError('usage', `--${name}: unknown "${item}"; known: ${known.join(', ')}`)
      }),
  } as const
}

/** An option that takes one of several known names. Other names are usage errors. */
export function choiceOption<Name extends string>(
  name: string,
  describe: string,
  known: readonly Name[],
  fallback: Name,
) {
  return {
    type: 'string',
    describe,
    requiresArg: true,
    default: fallback,
    coerce: (value: string): Name => oneOf(name, value, known),
  } as const
}

/** A `choiceOption` without a default. */
export function optionalChoiceOption<Name extends string>(
  name: string,
  describe: string,
  known: readonly Name[],
) {
  return {
    type: 'string',
    describe,
    requiresArg: true,
    coerce: (value: string | undefined): Name | undefined =>
      value === undefined ? undefined : oneOf(name, value, known),
  } as const
}

function oneOf<Name extends string>(name: string, value: string, known: readonly Name[]): Name {
  const found = known.find((candidate) => candidate === value)
  if (found) return found
  throw new LetiError('usage', `--${name}: unknown "${value}"; known: ${known.join(', ')}`)
}

/** An option that takes the shape of an image, such as `32x32x3`. Other values are usage errors. */
export function imageShapeOption(name: string, describe: string) {
  return {
    type: 'string',
    describe,
    requiresArg: true,
    coerce: (value: string | undefined): number[] | undefined => {
      if (value === undefined) return undefined
      if (/^[1-9]\d*(x[1-9]\d*){2}$/.test(value)) return value.split('x').map(Number)
      throw new LetiError('usage', `--${name} takes height, width and channels, such as 32x32x3`)
    },
  } as const
}

/** Runs a check of the options: what it refuses is wrong usage. */
export function asUsage<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    const known = asLetiError(error)
    throw known ? new LetiError('usage', known.message) : error
  }
}

/**
 * --statistic: which statistic of a measurement counts as the latency.
 *
 * @param what the start of the description, such as `Latency to learn from`
 */
export function statisticOption(what: string) {
  const describe = `${what}: ${STATISTICS.join(', ')}; on a busy machine min is the most repeatable`
  return choiceOption('statistic', describe, STATISTICS, 'median')
}
