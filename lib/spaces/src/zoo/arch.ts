import { IMAGENET_CLASSES } from '@leti/network'
import type { Arch } from '@leti/records'
import { badArch, sizeOf } from '../config.js'
import { ARCHITECTURES } from './architectures.js'

/** A network of the zoo, as records describe it. */
export interface ZooArch {
  readonly name: string
  /** Height and width of the image, in pixels. */
  readonly resolution: number
  /** Width multiplier: factor of the channels. */
  readonly width: number
  /** Number of classes. */
  readonly num_labels: number
}

/** What can differ from the published network. */
export type ZooOptions = Partial<Omit<ZooArch, 'name'>>

export const ZOO_NAMES: readonly string[] = Object.keys(ARCHITECTURES)

/**
 * Parses the description of a network; what is absent is as published.
 *
 * @throws {LetiError} `bad-arch` if the zoo lacks the network, or the network lacks the resolution or width
 */
export function parseZooArch(arch: Omit<Arch, 'space'>): ZooArch {
  const { name, width = 1, num_labels = IMAGENET_CLASSES } = arch
  if (typeof name !== 'string' || !Object.hasOwn(ARCHITECTURES, name)) {
    throw badArch(`unknown network ${JSON.stringify(name)}; known: ${ZOO_NAMES.join(', ')}`)
  }
  const architecture = ARCHITECTURES[name]
  const [least, greatest] = architecture.resolutions
  const { resolution = architecture.resolution } = arch
  const pixels = resolution as number
  if (!Number.isInteger(pixels) || pixels < least || pixels > greatest) {
    const range =
      least === greatest ? `${least} only` : `whole numbers from ${least} to ${greatest}`
    throw badArch(`${name} has no resolution ${JSON.stringify(pixels)}: it takes ${range}`)
  }
  const { widths = [1] } = architecture
  const factor = width as number
  if (!widths.includes(factor)) {
    throw badArch(`${name} has no width ${JSON.stringify(width)}: it has ${widths.join(', ')}`)
  }
  return { name, resolution: pixels, width: factor, num_labels: sizeOf('num_labels', num_labels) }
}
