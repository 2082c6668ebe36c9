import type { Space } from '../space.js'
import {
  archString,
  NB201_EDGES,
  NB201_OPERATIONS,
  parseArchString,
  type Nb201Cell,
} from './cell.js'
import { NB201_SETTINGS, parseNb201Config, type Nb201Config } from './config.js'
import { nb201Network } from './network.js'

export { NB201_EDGES, NB201_OPERATIONS } from './cell.js'

/** A NAS-Bench-201 architecture: a cell and the data set. */
export interface Nb201Arch {
  readonly cell: Nb201Cell
  readonly config: Nb201Config
}

/**
 * NAS-Bench-201: Dong and Yang, "NAS-Bench-201: Extending the Scope of Reproducible Neural
 * Architecture Search", ICLR 2020. Records hold `arch_str`, in the benchmark's own form, and, if it is not
 * that of CIFAR-10, `config`.
 */
export const nb201: Space<Nb201Arch> = {
  name: 'nb201',
  members: ['arch_str', 'config'],
  named: true,
  parse: ({ arch_str, config }) => ({
    cell: parseArchString(arch_str),
    config: parseNb201Config(config),
  }),
  toNetwork: ({ cell, config }, name) => nb201Network(cell, config, name),
  prunable: true,
  choices: {
    list: NB201_EDGES.map((edge) => ({ name: edge.join('_'), options: NB201_OPERATIONS })),
    chosen: ({ cell }) => cell.map((operation) => NB201_OPERATIONS.indexOf(operation)),
    arch: (chosen) => ({
      arch_str: archString(chosen.map((operation) => NB201_OPERATIONS[operation])),
    }),
    settings: NB201_SETTINGS,
  },
}
