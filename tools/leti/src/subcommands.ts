import type { Tool } from '@leti/pipe'

/** A tool that runs as `leti NAME`. */
export interface Subcommand {
  readonly name: string
  /** The summary of the tool itself, repeated: `leti --help` loads no tool. */
  readonly summary: string
  readonly load: () => Promise<{ tool: Tool }>
}

/** Every tool under the heading of `leti --help`, in the order in which a project uses them. */
export const GROUPS: Readonly<Record<string, readonly Subcommand[]>> = {
  'Sample architectures': [
    {
      name: 'nb101-sample',
      summary: 'Samples the 423,624 cells of NAS-Bench-101.',
      load: () => import('nb101-sample'),
    },
    {
      name: 'space-sample',
      summary: 'Samples search spaces whose architectures are lists of independent choices.',
      load: () => import('space-sample'),
    },
    {
      name: 'kernel-sample',
      summary: 'Samples single kernels of real networks, for learning what each kernel costs.',
      load: () => import('kernel-sample'),
    },
  ],
  'Write model files': [
    {
      name: 'gen-model',
      summary: 'Generates the networks of architectures, as model files with seeded weights.',
      load: () => import('gen-model'),
    },
  ],
  'Measure on a device': [
    {
      name: 'device-run',
      summary: 'Measures the latency of networks on a device.',
      load: () => import('device-run'),
    },
    {
      name: 'farm',
      summary: 'Measures on the devices of several hosts: submit, work, models, collect, status.',
      load: () => import('farm'),
    },
    {
      name: 'fusion-probe',
      summary: 'Finds out which pairs of operators a device fuses into one kernel.',
      load: () => import('fusion-probe'),
    },
    {
      name: 'detrend',
      summary: 'Takes the drift of the device out of visits: one record per network.',
      load: () => import('detrend'),
    },
    {
      name: 'import-results',
      summary: 'Turns latencies that others measured into records.',
      load: () => import('import-results'),
    },
  ],
  'Learn from measurements': [
    {
      name: 'featurize',
      summary: 'Turns networks into named numbers that predict their latency.',
      load: () => import('featurize'),
    },
    {
      name: 'pick',
      summary: 'Picks the networks whose measurements are the most informative for a predictor.',
      load: () => import('pick'),
    },
    {
      name: 'train',
      summary: 'Fits a latency predictor to measured networks.',
      load: () => import('train'),
    },
  ],
  'Predict latency': [
    {
      name: 'predict',
      summary: 'Predicts the latency of networks with a predictor that train made.',
      load: () => import('predict'),
    },
    {
      name: 'evaluate',
      summary:
        'Compares predictions with measurements, by device, by size, as a learning curve; or two runs.',
      load: () => import('evaluate'),
    },
    {
      name: 'report',
      summary: 'Shows records and predictors as one page of plots and tables.',
      load: () => import('report'),
    },
  ],
  'Choose a network': [
    {
      name: 'nb101-accuracy',
      summary: 'Adds the published accuracies to cells of NAS-Bench-101.',
      load: () => import('nb101-accuracy'),
    },
    {
      name: 'search',
      summary: 'Finds the best networks of a search space within a latency budget.',
      load: () => import('search'),
    },
  ],
}

export const SUBCOMMANDS: readonly Subcommand[] = Object.values(GROUPS).flat()

export function findSubcommand(name: string | undefined): Subcommand | undefined {
  return SUBCOMMANDS.find((command) => command.name === name)
}
