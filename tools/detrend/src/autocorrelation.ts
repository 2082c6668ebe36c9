/** The correlation of each sample with the one before; `undefined` if there are too few, or all are equal. */
export function autocorrelation(samples: readonly number[]): number | undefined {
  if (samples.length < 3) return undefined
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
  let products = 0
  let squares = 0
  samples.forEach((sample, i) => {
    squares += (sample - mean) ** 2
    if (i) products += (sample - mean) * (samples[i - 1] - mean)
  })
  return squares > 0 ? products / squares : undefined
}
