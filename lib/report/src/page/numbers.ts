/** Four digits, with thousands apart. */
const PLAIN = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })
const COMPACT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' })

export function plain(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : PLAIN.format(value)
}

/** Such as 27M and 1.2B. */
export function compact(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : COMPACT.format(value)
}

export function fixed(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits)
}
