import { LetiError } from '@leti/records'
import type { Space } from '../space.js'
import {
  FBNET_CONFIG_MEMBERS,
  FBNET_SETTINGS,
  parseFbnetConfig,
  type FbnetConfig,
} from './config.js'
import { FBNET_LAYERS, fbnetNetwork, type FbnetBlock } from './network.js'

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

/**
 * FBNet: Wu et al., "FBNet: Hardware-Aware Efficient ConvNet Design via Differentiable Neural
 * Architecture Search", CVPR 2019. Records hold `ops`, the names of the 22 blocks, and what differs from
 * the published configuration: `resolution`, `width`, `head_filter_size`, `num_labels`.
 */
export const fbnet: Space<FbnetArch> = {
  name: 'fbnet',
  members: ['ops', ...FBNET_CONFIG_MEMBERS],
  named: true,
  parse: ({ ops, ...config }) => ({
    operations: parseOperations(ops),
    ...parseFbnetConfig(config),
  }),
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
    settings: FBNET_SETTINGS,
  },
}

/** @throws {LetiError} `bad-arch` */
function parseOperations(ops: unknown): readonly string[] {
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
