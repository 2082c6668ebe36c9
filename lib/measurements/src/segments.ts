import type { Series } from './trend.js'

/**
 * Splits a series where no network was visited both before and after: nothing tells there how the levels of the two
 * sides compare, and a trend across it would be made up. Visits of networks without a second one go with the side
 * that is nearer in time.
 *
 * @returns the places of each segment's visits, in the order of time; at least one segment
 */
export function segmentsOf(series: Series): number[][] {
  const spans = spansOf(series)
  if (spans.length < 2) return [[...series.logs.keys()]]
  const segments: number[][] = spans.map(() => [])
  let current = 0
  for (let i = 0; i < series.logs.length; i++) {
    const [, last] = spans[current]
    const [next] = spans[current + 1] ?? [Infinity]
    if (i > last && (i >= next || isNearer(series.times, i, last, next))) current++
    segments[current].push(i)
  }
  return segments
}

/** The first and the last place of each stretch that networks of several visits tie together. */
function spansOf({ networks, networkCount }: Series): [number, number][] {
  const lasts = new Int32Array(networkCount)
  networks.forEach((network, i) => (lasts[network] = i))
  const seen = new Uint8Array(networkCount)
  const spans: [number, number][] = []
  networks.forEach((network, i) => {
    const isFirst = !seen[network]
    seen[network] = 1
    if (!isFirst || lasts[network] === i) return
    const open = spans.at(-1)
    if (open && i < open[1]) open[1] = Math.max(open[1], lasts[network])
    else spans.push([i, lasts[network]])
  })
  return spans
}

/** Whether a visit is nearer to the next span than to the last one. */
function isNearer(times: Float64Array, at: number, last: number, next: number): boolean {
  return next < times.length && times[next] - times[at] < times[at] - times[last]
}
