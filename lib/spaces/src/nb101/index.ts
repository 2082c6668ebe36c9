import type { Network } from '@leti/network'
import type { Space } from '../space.js'
import { parseCell, type Cell } from './cell.js'
import { parseConfig, type Config } from './config.js'
import { cellNetwork } from './network.js'

/** A NAS-Bench-101 architecture: a pruned cell and the skeleton around it. */
export interface Nb101Arch {
  readonly cell: Cell
  readonly config: Config
}

/**
 * NAS-Bench-101: Ying et al., "NAS-Bench-101: Towards Reproducible Neural Architecture Search",
 * ICML 2019. Records hold `module_adjacency`, `module_operations` and, where it is not the published
 * one, `config`.
 */
export const nb101: Space<Nb101Arch> = {
  name: 'nb101',
  parse: (arch) => ({
    cell: parseCell(arch.module_adjacency, arch.module_operations),
    config: parseConfig(arch.config),
  }),
  toNetwork: ({ cell, config }, name): Network => cellNetwork(cell, config, name),
}
