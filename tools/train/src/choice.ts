import { LetiError } from '@leti/records'

/** An option that takes one of a few names; others are usage errors. */
export function choiceOption<Name extends string>(
  name: string,
  describe: string,
  known: readonly Name[],
  fallback: Name,
) {
  return {
    type: 'string' as const,
    describe,
    requiresArg: true,
    default: fallback,
    coerce: (value: string): Name => {
      const found = known.find((candidate) => candidate === value)
      if (found) return found
      throw new LetiError('usage', `--${name}: unknown "${value}"; known: ${known.join(', ')}`)
    },
  }
}
