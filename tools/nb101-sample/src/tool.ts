import {
  defaultedNumberOption,
  defineTool,
  imageShapeOption,
  numberOption,
  optionalChoiceOption,
  SEED_RANGE,
} from '@leti/pipe'
import { STRATIFICATIONS } from '@leti/spaces/names'

const positive = { min: 1, integer: true } as const
const text = { type: 'string', requiresArg: true } as const

const options = {
  all: {
    type: 'boolean',
    default: false,
    describe: 'All cells, in the order of the public script',
  },
  number: {
    ...numberOption('number', 'Number of cells to draw, without replacement', positive),
    alias: 'n',
  },
  seed: defaultedNumberOption(
    'seed',
    'Seed; a longer draw begins with the same cells',
    0,
    SEED_RANGE,
  ),
  stratify: optionalChoiceOption(
    'stratify',
    'Draw equally from strata by number of vertices or edges, or tenths by MACs: vertices, edges, macs',
    STRATIFICATIONS,
  ),
  vertices: { ...text, describe: 'Only cells with these numbers of vertices, such as 5-7' },
  edges: { ...text, describe: 'Only cells with these numbers of edges, such as 3,8-9' },
  operations: { ...text, describe: 'Only cells that use no other operations (comma-separated)' },
  exclude: { ...text, describe: 'Exclude the cells of this file of records' },
  hash: { ...text, describe: 'Look up cells by hash or id (comma-separated; - for stdin)' },
  spec: { ...text, describe: "Read cells in the public API's form from this file (- for stdin)" },
  'input-shape': {
    ...imageShapeOption(
      'input-shape',
      'Height, width and channels of the image (default: 32x32x3)',
    ),
    group: 'Configuration:',
  },
  ...configNumber('stem-filter-size', 'Channels of the stem (default: 128)'),
  ...configNumber('num-stacks', 'Number of stacks (default: 3)'),
  ...configNumber('num-modules-per-stack', 'Cells per stack (default: 3)'),
  ...configNumber('num-labels', 'Number of classes (default: 10)'),
} as const

export const tool = defineTool({
  name: 'nb101-sample',
  summary: 'Samples the 423,624 cells of NAS-Bench-101.',
  reads: 'nothing; with --spec module_adjacency and module_operations, or matrix and ops',
  writes: 'id (nb101-<public module hash>), arch',
  examples: [
    ['nb101-sample -n 500 --seed 1 > cells.ndjson', '500 cells, drawn uniformly'],
    [
      'nb101-sample -n 60 --stratify macs --exclude cells.ndjson',
      '60 other cells, six from each tenth by MACs',
    ],
    ['nb101-sample --all --vertices 7 --edges 9 | wc -l', 'Count the largest cells'],
  ],
  options,
  takesFiles: false,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

function configNumber<Name extends string>(name: Name, describe: string) {
  const option = { ...numberOption(name, describe, positive), group: 'Configuration:' }
  return { [name]: option } as Record<Name, typeof option>
}
