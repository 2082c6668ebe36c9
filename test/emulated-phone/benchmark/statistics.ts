/** Formats numbers and statistics as C++ streams and tensorflow/core/util/stats_calculator.h do. */

/** A number as `std::ostream` prints it: `%g` with six digits. */
export function general(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const [digits, exponent] = value.toExponential(5).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)))
  const sign = power < 0 ? '-' : '+'
  return `${String(Number(digits))}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}

export function mean(values: readonly number[]): number {
  return values.length ? sum(values) / values.length : NaN
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Standard deviation, truncated: the real tool computes it in whole microseconds. */
export function deviation(values: readonly number[]): number {
  const center = mean(values)
  return Math.trunc(Math.sqrt(mean(values.map((value) => (value - center) ** 2))))
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(Math.floor((sorted.length * percent) / 100), sorted.length - 1)]
}

/** The line `count=50 first=... curr=...` for times in microseconds. */
export function summary(values: readonly number[], percentiles: boolean): string {
  if (!values.length) return 'count=0'
  const last = values[values.length - 1]
  const ends = [Math.min(...values), Math.max(...values)]
  const same = ends[0] === ends[1]
  const head = same
    ? `count=${values.length} curr=${last}${values.length > 1 ? '(all same)' : ''}`
    : `count=${values.length} first=${values[0]} curr=${last} min=${ends[0]} max=${ends[1]} ` +
      `avg=${general(mean(values))} std=${deviation(values)}`
  if (!percentiles) return head
  const [p5, median, p95] = [5, 50, 95].map((percent) => percentile(values, percent))
  return `${head} p5=${p5} median=${median} p95=${p95}`
}
