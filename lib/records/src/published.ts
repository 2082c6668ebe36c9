import { isObject } from './is-object.js'
import type { Arch } from './record.js'

/**
 * The settings of the published networks, by search space: what a record means if its `arch` leaves them out.
 * The spaces build networks from these values, and predictors compare networks by them.
 */
export const PUBLISHED = {
  /** As for CIFAR-10. */
  nb101: {
    config: {
      input_shape: [32, 32, 3],
      stem_filter_size: 128,
      num_stacks: 3,
      num_modules_per_stack: 3,
      num_labels: 10,
    },
  },
  /** As for CIFAR-10. */
  nb201: { config: { input_shape: [32, 32, 3], num_labels: 10 } },
  /** FBNet-B and FBNet-C, for ImageNet. */
  fbnet: { resolution: 224, width: 1, head_filter_size: 1984, num_labels: 1000 },
  /** For ImageNet; some networks have another resolution. */
  zoo: { resolution: 224, width: 1, num_labels: 1000 },
} as const

/** The networks of the zoo that were published at another resolution. */
const ZOO_RESOLUTIONS: Readonly<Record<string, number>> = {
  inception_v3: 299,
  xception: 299,
  efficientnet_b1: 240,
  efficientnet_b2: 260,
  efficientnet_b3: 300,
  efficientnet_lite1: 240,
  efficientnet_lite2: 260,
  efficientnet_lite3: 280,
  efficientnet_lite4: 300,
}

/**
 * The architecture with all settings written out. Two architectures of one network, one of which leaves out a
 * published value, are equal then.
 */
export function withPublished(arch: Arch): Arch {
  const { config, ...settings } = publishedOf(arch)
  const given = arch.config ?? {}
  const merged = isObject(config) && isObject(given) && { config: { ...config, ...given } }
  return { batch: 1, ...settings, ...arch, ...merged }
}

function publishedOf({ space, name }: Arch): Readonly<Record<string, unknown>> {
  if (!Object.hasOwn(PUBLISHED, space)) return {}
  const published = PUBLISHED[space as keyof typeof PUBLISHED]
  const isOther =
    space === 'zoo' && typeof name === 'string' && Object.hasOwn(ZOO_RESOLUTIONS, name)
  return isOther ? { ...published, resolution: ZOO_RESOLUTIONS[name] } : published
}
