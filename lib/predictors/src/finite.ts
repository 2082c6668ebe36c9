import { LetiError } from '@leti/records'
import type { Sample } from './sample.js'

/**
 * @param predicted of each sample, by a model that was fitted to others
 * @throws {LetiError} `usage` if a prediction is not a finite number
 */
export function checkFinite(
  model: string,
  samples: readonly Sample[],
  predicted: ArrayLike<number>,
): void {
  const index = samples.findIndex((_, i) => !Number.isFinite(predicted[i]))
  if (index < 0) return
  const found = `${model} predicts no finite latency of ${samples[index].id} from the other networks`
  throw new LetiError(
    'usage',
    `${found}: look for wrong latencies or features, or use another --model, such as auto`,
  )
}
