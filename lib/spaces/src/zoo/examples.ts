import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { ArchMembers } from '../space.js'
import { ZOO_NAMES } from './arch.js'
import { ARCHITECTURES } from './architectures.js'

/** Variants of each network besides the published one. */
const VARIANTS = 2

/** Each network as published and at other resolutions and widths; all in the first round. */
export function* zooExamples(random: RandomGenerator, round: number): Generator<ArchMembers> {
  if (round > 0) return
  for (const name of ZOO_NAMES) {
    yield { name }
    for (let variant = 0; variant < VARIANTS; variant++) yield variantOf(name, random)
  }
}

/** A resolution near the published one and one of the published widths. */
function variantOf(name: string, random: RandomGenerator): ArchMembers {
  const { resolution, resolutions, widths = [1] } = ARCHITECTURES[name]
  const least = Math.max(resolutions[0], Math.round(resolution / 2))
  const greatest = Math.min(resolutions[1], Math.round(resolution * 1.5))
  const width = widths[uniformInt(random, 0, widths.length - 1)]
  // Most networks are run at multiples of 32.
  const rounded = Math.round(uniformInt(random, least, greatest) / 32) * 32
  const fits = rounded >= least && rounded <= greatest
  return { name, resolution: fits ? rounded : resolution, width }
}
