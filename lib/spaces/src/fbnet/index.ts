import { IMAGENET_CLASSES } from '@leti/network'
import { LetiError, type Arch } from '@leti/records'
import { isSize } from '../config.js'
import type { Space } from '../space.js'
import { FBNET_LAYERS, fbnetNetwork, type FbnetBlock, type FbnetConfig } from './network.js'

const BLOCKS: Readonly<Record<string, FbnetBlock | undefined>> = {
  k3_e1: { kernel: 3, expansion: 1, groups: 1 },
  k3_e1_g2: { kernel: 3, expansion: 1, groups: 2 },
  k3_e3: { kernel: 3, expansion: 3, groups: 1 },
  k3_e6: { kernel: 3, expansion: 6, groups: 1 },
  k5_e1: { kernel: 5, expansion: 1, groups: 1 },
  k5_e1_g2: { kernel: 5, expansion: 1, groups: 2 },
  k5_e3: { kernel: 5, expansion: 3, groups: 1 },
  k5_e6: { kernel: 5, expansion: 6, groups: 1 },
  skip: undefined,
}

/** The choices of a layer, in the order of the paper's table 2. */
const FBNET_OPERATIONS: readonly string[] = Object.keys(BLOCKS)

/** An FBNet architecture: the names of its blocks and what differs from the published network. */
export interface FbnetArch extends FbnetConfig {
  readonly operations: readonly string[]
}

const PUBLISHED: FbnetConfig = { resolution: 224, num_labels: IMAGENET_CLASSES }
/** The network halves the image five times: at least one pixel is left. */
const LEAST_RESOLUTION = 32
const GREATEST_RESOLUTION = 1024

/**
 * FBNet: Wu et al., "FBNet: Hardware-Aware Efficient ConvNet Design via Differentiable Neural
 * Architecture Search", CVPR 2019. Records hold `ops`, the names of the 22 blocks, and, if they are
 * not the published ones, `resolution` and `num_labels`.
 */
export const fbnet: Space<FbnetArch> = {
  name: 'fbnet',
  members: ['ops', 'resolution', 'num_labels'],
  named: true,
  parse: (arch) => ({ operations: parseOperations(arch), ...parseConfig(arch) }),
  toNetwork: ({ operations, ...config }, name) =>
    fbnetNetwork(
      operations.map((name) => BLOCKS[name]),
      config,
      name,
    ),
  staged: true,
  choices: {
    list: FBNET_LAYERS.map((_, layer) => ({ name: String(layer), options: FBNET_OPERATIONS })),
    chosen: ({ operations }) => operations.map((name) => FBNET_OPERATIONS.indexOf(name)),
    arch: (chosen) => ({ ops: chosen.map((operation) => FBNET_OPERATIONS[operation]) }),
  },
}

/** @throws {LetiError} `bad-arch` */
function parseOperations({ ops }: Arch): readonly string[] {
  if (!Array.isArray(ops) || ops.length !== FBNET_LAYERS.length) {
    throw new LetiError('bad-arch', `"ops" must be a list of ${FBNET_LAYERS.length} names`)
  }
  for (const name of ops as unknown[]) {
    if (typeof name === 'string' && Object.hasOwn(BLOCKS, name)) continue
    const known = FBNET_OPERATIONS.join(', ')
    const shown = JSON.stringify(name).slice(0, 60)
    throw new LetiError('bad-arch', `unknown operation ${shown}; known: ${known}`)
  }
  return ops as string[]
}

/** @throws {LetiError} `bad-arch` */
function parseConfig(arch: Arch): FbnetConfig {
  const { resolution = PUBLISHED.resolution, num_labels = PUBLISHED.num_labels } = arch
  if (!isSize(resolution) || resolution < LEAST_RESOLUTION || resolution > GREATEST_RESOLUTION) {
    throw new LetiError(
      'bad-arch',
      `"resolution" must be a whole number from ${LEAST_RESOLUTION} to ${GREATEST_RESOLUTION}`,
    )
  }
  if (!isSize(num_labels)) {
    throw new LetiError('bad-arch', '"num_labels" must be a positive whole number')
  }
  return { resolution, num_labels }
}
