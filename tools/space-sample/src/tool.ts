import {
  choiceOption,
  defaultedNumberOption,
  defineTool,
  numberOption,
  SEED_RANGE,
} from '@leti/pipe'
import { CHOICE_SPACES } from '@leti/spaces/names'

const options = {
  space: choiceOption(
    'space',
    `Search space: ${CHOICE_SPACES.join(', ')}`,
    CHOICE_SPACES,
    CHOICE_SPACES[0],
  ),
  number: {
    ...numberOption('number', 'Number of architectures to draw, without replacement', {
      min: 1,
      integer: true,
    }),
    alias: 'n',
  },
  all: { type: 'boolean', default: false, describe: 'All architectures of the space' },
  seed: defaultedNumberOption(
    'seed',
    'Seed; a longer draw begins with the same architectures',
    0,
    SEED_RANGE,
  ),
} as const

export const tool = defineTool({
  name: 'space-sample',
  summary: 'Samples search spaces whose architectures are lists of independent choices.',
  reads: 'nothing',
  writes: 'id, arch',
  examples: [
    ['space-sample --space nb201 -n 100 --seed 1 > cells.ndjson', '100 cells, drawn uniformly'],
    [
      'space-sample --space fbnet -n 1000 | gen-model | jq .model.macs',
      'MACs of 1,000 FBNet networks',
    ],
    ['space-sample --space nb201 --all | wc -l', 'Count all cells'],
  ],
  options,
  takesFiles: false,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
