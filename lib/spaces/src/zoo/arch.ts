import { LetiError, type Arch } from '@leti/records'
import { ARCHITECTURES } from './architectures.js'

/** A network of the zoo, as records describe it. */
export interface ZooArch {
  readonly name: string
  /** Height and width of the image, in pixels. */
  readonly resolution: number
  /** Width multiplier: factor of the channels. */
  readonly width: number
}

export const ZOO_NAMES: readonly string[] = Object.keys(ARCHITECTURES)

/**
 * Parses the description of a network; resolution and width default to the published ones.
 *
 * @throws {LetiError} `bad-arch` if the zoo lacks the network, or the network lacks the resolution or width
 */
export function parseZooArch({ name, resolution, width = 1 }: Omit<Arch, 'space'>): ZooArch {
  if (typeof name !== 'string' || !Object.hasOwn(ARCHITECTURES, name)) {
    throw bad(`unknown network ${JSON.stringify(name)}; known: ${ZOO_NAMES.join(', ')}`)
  }
  const architecture = ARCHITECTURES[name]
  const [least, greatest] = architecture.resolutions
  const pixels = (resolution ?? architecture.resolution) as number
  if (!Number.isInteger(pixels) || pixels < least || pixels > greatest) {
    const range =
      least === greatest ? `${least} only` : `whole numbers from ${least} to ${greatest}`
    throw bad(`${name} has no resolution ${JSON.stringify(pixels)}: it takes ${range}`)
  }
  const { widths = [1] } = architecture
  const factor = width as number
  if (!widths.includes(factor)) {
    throw bad(`${name} has no width ${JSON.stringify(width)}: it has ${widths.join(', ')}`)
  }
  return { name, resolution: pixels, width: factor }
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
