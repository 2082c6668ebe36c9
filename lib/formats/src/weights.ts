import { createHash } from 'node:crypto'
import type { Kernel } from '@leti/network'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Moments } from './moments.js'
import { secondMoment } from './moments.js'

/**
 * Seeded weights: the same seed and tensor name give the same numbers on every machine. Filters are
 * He-initialised (uniform; He et al., "Delving Deep into Rectifiers", 2015), with the scale of the
 * batch norm folded in that trained statistics would give, so that activations stay near one however
 * many branches a cell adds up, and half-precision devices do not overflow.
 *
 * @param name the tensor's name, unique in its network
 * @param size elements of the filter
 * @param fanIn inputs of one output element
 * @param input moments of the activation that the filter reads
 */
export function filterWeights(
  seed: number,
  name: string,
  size: number,
  fanIn: number,
  input: Moments,
): Float32Array {
  const variance = 1 / (fanIn * secondMoment(input))
  return uniform(seed, name, size, Math.sqrt(3 * variance))
}

/** Small seeded shifts: what the batch norms and biases of a trained network leave. */
export function biasWeights(seed: number, name: string, kernel: Kernel): Float32Array {
  return uniform(seed, name, kernel.shape[kernel.shape.length - 1], 0.1)
}

/** Uniform numbers in [-limit, limit). */
function uniform(seed: number, name: string, size: number, limit: number): Float32Array {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest()
  const random = xoroshiro128plus(digest.readInt32LE())
  const scale = limit / 2 ** 31
  const values = new Float32Array(size)
  for (let index = 0; index < size; index++) values[index] = random.next() * scale
  return values
}
