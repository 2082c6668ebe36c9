import type { Space } from '../space.js'
import {
  archString,
  NB201_EDGES,
  NB201_OPERATIONS,
  parseArchString,
  type Nb201Cell,
} from './cell.js'
import { nb201Network } from './network.js'

export { NB201_EDGES, NB201_OPERATIONS } from './cell.js'

/**
 * NAS-Bench-201: Dong and Yang, "NAS-Bench-201: Extending the Scope of Reproducible Neural
 * Architecture Search", ICLR 2020. Records hold `arch_str`, in the benchmark's own form.
 */
export const nb201: Space<Nb201Cell> = {
  name: 'nb201',
  named: true,
  parse: (arch) => parseArchString(arch.arch_str),
  toNetwork: nb201Network,
  prunable: true,
  choices: {
    list: NB201_EDGES.map((edge) => ({ name: edge.join('_'), options: NB201_OPERATIONS })),
    chosen: (cell) => cell.map((operation) => NB201_OPERATIONS.indexOf(operation)),
    arch: (chosen) => ({
      arch_str: archString(chosen.map((operation) => NB201_OPERATIONS[operation])),
    }),
  },
}
