import type { Io } from '@leti/pipe'
import type { PredictorFile, Sample } from '@leti/predictors'
import { digits } from './digits.js'

type Training = PredictorFile['training']

/** Most measurements that are described one by one. */
const MOST = 5

/** Says which measurements were left out, where they stand, and what is wrong with each. */
export function warnOfLeftOut(
  { left_out, contradicted }: Training,
  samples: readonly Sample[],
  io: Io,
): void {
  if (!contradicted) {
    if (left_out) io.warn(`${left_out}: left out, the other measurements contradict it`)
    return
  }
  for (const one of contradicted.slice(0, MOST)) {
    const { id, latency_ms, expected_ms } = one
    const sample = samples.find((own) => own.id === id && own.latency_ms === latency_ms)
    const place = sample?.place ? `${sample.place}: ` : ''
    const ratio = ratioText(latency_ms / expected_ms)
    const expected = `than the others let expect (${digits(expected_ms)} ms)`
    io.warn(
      `${place}${id}: left out, ${digits(latency_ms)} ms is ${ratio} ${expected}${unitHint(one)}`,
    )
  }
  const more = contradicted.slice(MOST).map(({ id }) => id)
  if (more.length) io.warn(`left out for the same reason: ${more.join(', ')}`)
}

function ratioText(ratio: number): string {
  return ratio < 1 ? `${digits(1 / ratio)} times less` : `${digits(ratio)} times more`
}

/** Guesses the unit from a ratio near a power of 1000. */
function unitHint({
  latency_ms,
  expected_ms,
}: {
  latency_ms: number
  expected_ms: number
}): string {
  const thousands = Math.log(latency_ms / expected_ms) / Math.log(1000)
  const power = Math.round(thousands)
  if (Math.abs(thousands - power) > 0.1) return ''
  const unit = { '-1': 'seconds', '1': 'microseconds', '2': 'nanoseconds' }[power]
  return unit === undefined ? '' : `: in ${unit}?`
}
