import {
  choiceOption,
  defaultedNumberOption,
  defineTool,
  numberOption,
  SEED_RANGE,
} from '@leti/pipe'
import { LetiError } from '@leti/records'
import { allArchitectures, CHOICE_SPACES, drawArchitectures } from '@leti/spaces'

const options = {
  space: choiceOption(
    'space',
    `Search space: ${CHOICE_SPACES.join(', ')}`,
    CHOICE_SPACES,
    CHOICE_SPACES[0],
  ),
  number: {
    ...numberOption('number', 'Draw this many, without replacement', { min: 1, integer: true }),
    alias: 'n',
  },
  all: { type: 'boolean', default: false, describe: 'All architectures of the space' },
  seed: defaultedNumberOption(
    'seed',
    'Seed of the draw; a longer draw starts with the same',
    0,
    SEED_RANGE,
  ),
} as const

export const tool = defineTool({
  name: 'space-sample',
  summary: 'Samples search spaces of independent choices: NAS-Bench-201, FBNet.',
  reads: 'nothing',
  writes: 'id, arch',
  examples: [
    ['space-sample --space nb201 -n 100 --seed 1 > cells.ndjson', 'A hundred cells, uniformly'],
    ['space-sample --space fbnet -n 1000 | gen-model | jq .model.macs', 'MACs of FBNet networks'],
    ['space-sample --space nb201 --all | wc -l', 'All 15,625'],
  ],
  options,
  takesFiles: false,
  run: async ({ space, number, all, seed }, io) => {
    if (all === (number !== undefined)) {
      throw new LetiError('usage', 'one of --all and -n is needed')
    }
    const drawn =
      number === undefined ? allArchitectures(space) : drawArchitectures(space, number, seed)
    for (const record of drawn) {
      if (io.signal.aborted) return
      await io.write(record)
    }
  },
})
