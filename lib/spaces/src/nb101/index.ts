import type { Network } from '@leti/network'
import type { Space } from '../space.js'
import { parseCell, type Cell } from './cell.js'
import { parseConfig, type Config } from './config.js'
import { nb101Example } from './examples.js'
import { cellNetwork } from './network.js'

export { parseCell, type Cell } from './cell.js'
export {
  buildCells,
  CELL_COUNT,
  PUBLIC_DIGEST,
  publicDigest,
  type AfterGraph,
  type Cells,
} from './cells.js'
export { parseConfig, type Config } from './config.js'
export { checkCell, checkSize, checkWidth } from './fit.js'
export { moduleHash } from './hash.js'
export { readIndex, writeIndex } from './index-file.js'
export { OPERATION_NAMES, PUBLISHED_OPERATIONS } from './operations.js'
export { MAX_EDGES, MAX_VERTICES } from './graph.js'
export { cellId, hashOfId, recordOfCell, RecordWriter, recordOfSpec } from './record.js'
export { drawCells, selectCells, stratify, type CellFilter } from './sample.js'
export type { Stratification } from './stratifications.js'

/** A NAS-Bench-101 architecture: a pruned cell and the skeleton around it. */
export interface Nb101Arch {
  readonly cell: Cell
  readonly config: Config
}

/**
 * NAS-Bench-101: Ying et al., "NAS-Bench-101: Towards Reproducible Neural Architecture Search",
 * ICML 2019. Records hold `module_adjacency`, `module_operations` and, if it is not the published
 * one, `config`.
 */
export const nb101: Space<Nb101Arch> = {
  name: 'nb101',
  members: ['module_adjacency', 'module_operations', 'config'],
  named: true,
  parse: (arch) => ({
    cell: parseCell(arch.module_adjacency, arch.module_operations),
    config: parseConfig(arch.config),
  }),
  toNetwork: ({ cell, config }, name): Network => cellNetwork(cell, config, name),
  examples: (random) => [nb101Example(random)],
}
