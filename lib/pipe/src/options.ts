import { LetiError } from '@leti/records'

/** An option that takes a number in a range; wrong values are usage errors. */
export function numberOption(
  name: string,
  describe: string,
  range: { min?: number; max?: number; integer?: boolean; default?: number } = {},
) {
  const { min = -Infinity, max = Infinity, integer = false } = range
  return {
    type: 'number' as const,
    describe,
    requiresArg: true,
    ...(range.default !== undefined && { default: range.default }),
    coerce: (value: number | number[] | undefined): number | undefined => {
      if (value === undefined) return undefined
      if (typeof value === 'number' && value >= min && value <= max) {
        if (!integer || Number.isInteger(value)) return value
      }
      const kind = integer ? 'a whole number' : 'a number'
      throw new LetiError('usage', `--${name} takes ${kind}${rangeText(min, max)}`)
    },
  }
}

function rangeText(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`
  return min > -Infinity ? ` of at least ${min}` : ''
}

/** An option that takes names separated by commas, each of a known set. */
export function listOption<Name extends string>(
  name: string,
  describe: string,
  known: readonly Name[],
  fallback?: readonly Name[],
) {
  return {
    type: 'string' as const,
    describe: `${describe}: ${known.join(', ')}`,
    requiresArg: true,
    ...(fallback && { default: fallback.join(',') }),
    coerce: (value: string | undefined): Name[] | undefined => {
      if (value === undefined) return undefined
      return value.split(',').map((item) => {
        const found = known.find((candidate) => candidate === item.trim())
        if (found) return found
        throw new LetiError('usage', `--${name}: unknown "${item}"; known: ${known.join(', ')}`)
      })
    },
  }
}
