/** Most errors that a list keeps: more do not improve the quantiles. */
const MAX_ERRORS = 1000

/** At most `MAX_ERRORS` of the errors, ascending, at even ranks, with four digits. */
export function thinned(errors: readonly number[]): number[] {
  const sorted = Float64Array.from(errors).sort()
  const count = Math.min(sorted.length, MAX_ERRORS)
  return Array.from({ length: count }, (_, i) => {
    const index = Math.round(((i + 1) * (sorted.length + 1)) / (count + 1)) - 1
    return Number(sorted[Math.min(Math.max(index, 0), sorted.length - 1)].toPrecision(4))
  })
}
