/**
 * Rounds scaled channels as the MobileNets and their successors do: to the nearest multiple of `divisor`
 * that is at least 0.9 of `channels`.
 * https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/mobilenet.py
 */
export function makeDivisible(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor)
  return rounded < 0.9 * channels ? rounded + divisor : rounded
}
