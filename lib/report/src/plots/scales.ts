/** From this ratio of the largest to the smallest value on, a scale is logarithmic. */
const LOGARITHMIC_FROM = 8

/** Above so many points, what is drawn for each point is small, and intervals are left out. */
export const MANY_POINTS = 1500

/** Least and greatest value; `undefined` if there are none. */
export function extentOf(
  values: Iterable<number | undefined>,
): [min: number, max: number] | undefined {
  let [min, max] = [Infinity, -Infinity]
  for (const value of values) {
    if (value === undefined) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? [min, max] : undefined
}

/** A scale that shows all values well: logarithmic if they span more than most of a decade. */
export function scaleOf(extent: readonly [number, number]): Record<string, unknown> {
  const [min, max] = extent
  const logarithmic = min > 0 && max / min >= LOGARITHMIC_FROM
  const type = logarithmic ? { type: 'log' } : { type: 'linear', zero: false }
  return { ...type, nice: false, padding: 10 }
}

/** An axis of milliseconds. */
export function milliseconds(field: string, title: string, scale: object) {
  return { field, type: 'quantitative', title, scale, axis: { format: '~g' } }
}

/** An axis of large numbers: 27M, 1.2G. */
export function large(field: string, title: string, scale: object) {
  return { field, type: 'quantitative', title, scale, axis: { format: '~s' } }
}

/** An axis of percent. */
export function percent(field: string, title: string, more: object = {}) {
  return { field, type: 'quantitative', title, scale: { zero: false, nice: true }, ...more }
}

/** Tells series apart by color and by shape, so that they differ in gray too. Nothing for one series. */
export function seriesOf(field: string, names: readonly string[], shape = 'shape') {
  if (names.length < 2) return {}
  const encoding = { field, type: 'nominal', title: null, scale: { domain: names } }
  return { color: encoding, [shape]: encoding }
}

/** The distinct values that are known, in the order of their first appearance. */
export function distinct(values: Iterable<string | undefined>): string[] {
  return [...new Set(values)].filter((value) => value !== undefined)
}

/** Marks for records: small and pale if there are many. */
export function pointMark(count: number) {
  const many = count > MANY_POINTS
  return { type: 'point', filled: true, size: many ? 12 : 40, opacity: many ? 0.45 : 0.75 }
}
