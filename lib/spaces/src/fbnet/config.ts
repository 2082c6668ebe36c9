import { PUBLISHED, type Arch } from '@leti/records'
import { badArch, configDifference, configSuffix, isSize, sizeOf } from '../config.js'
import type { Settings } from '../space.js'

/** What can differ from the published network. */
export interface FbnetConfig {
  /** Height and width of the image, in pixels. */
  readonly resolution: number
  /** Width multiplier: factor of the channels of the stem and the blocks. */
  readonly width: number
  /** Channels of the last convolution. */
  readonly head_filter_size: number
  /** Number of classes. */
  readonly num_labels: number
}

const PUBLISHED_CONFIG: FbnetConfig = PUBLISHED.fbnet

const LETTERS: Readonly<Record<keyof FbnetConfig, string>> = {
  resolution: 'r',
  width: 'w',
  head_filter_size: 'h',
  num_labels: 'l',
}

export const FBNET_CONFIG_MEMBERS = Object.keys(PUBLISHED_CONFIG)

/** The network halves the image five times: at least one pixel is left. */
const LEAST_RESOLUTION = 32
const GREATEST_RESOLUTION = 1024
/** Published are .35, .5 and 1. */
const GREATEST_WIDTH = 16

/**
 * Parses the members of a configuration in an `arch`; absent ones have their published values.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseFbnetConfig(arch: Omit<Arch, 'space'>): FbnetConfig {
  const { resolution, width, head_filter_size, num_labels } = { ...PUBLISHED_CONFIG, ...arch }
  if (!isSize(resolution) || resolution < LEAST_RESOLUTION || resolution > GREATEST_RESOLUTION) {
    const range = `from ${LEAST_RESOLUTION} to ${GREATEST_RESOLUTION}`
    throw badArch(`"resolution" must be a whole number ${range}`)
  }
  if (typeof width !== 'number' || !(width > 0 && width <= GREATEST_WIDTH)) {
    throw badArch(`"width" must be a number above 0 and up to ${GREATEST_WIDTH}`)
  }
  return {
    resolution,
    width,
    head_filter_size: sizeOf('head_filter_size', head_filter_size),
    num_labels: sizeOf('num_labels', num_labels),
  }
}

export const FBNET_SETTINGS: Settings = {
  names: FBNET_CONFIG_MEMBERS,
  record: (given) => {
    const members = configDifference(parseFbnetConfig(given), PUBLISHED_CONFIG)
    return { members, suffix: configSuffix(members, LETTERS) }
  },
}
