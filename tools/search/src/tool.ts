import { RUNTIMES_WITH_RULES } from '@leti/network/names'
import {
  defaultedNumberOption,
  defineTool,
  numberOption,
  optionalChoiceOption,
  requiredNumberOption,
  SEED_RANGE,
} from '@leti/pipe'
import { METHODS, SEARCH_SPACES } from '@leti/search/names'

const positive = { min: 1, integer: true } as const
const text = { type: 'string', requiresArg: true } as const

const options = {
  predictor: { ...text, demandOption: true, describe: 'File that train wrote' },
  fusion: {
    ...text,
    describe: `What featurize --fusion was for the training set: ${RUNTIMES_WITH_RULES.join(', ')}, or a file`,
  },
  'budget-ms': requiredNumberOption(
    'budget-ms',
    'Latency that no proposed network should exceed, ms',
    { min: 0 },
  ),
  risk: defaultedNumberOption(
    'risk',
    'Largest share of the proposed networks that may exceed the budget when they are measured',
    0.1,
    { min: 0.01, max: 0.5 },
  ),
  space: optionalChoiceOption(
    'space',
    `Search space: ${SEARCH_SPACES.join(', ')}; without it, the networks are read`,
    SEARCH_SPACES,
  ),
  config: { ...text, describe: 'With --space: JSON of what differs from its published networks' },
  method: optionalChoiceOption(
    'method',
    `With --space: ${METHODS.join(', ')} (default: exhaustive if it can be, else evolution)`,
    METHODS,
  ),
  evaluations: defaultedNumberOption(
    'evaluations',
    'Networks within the budget to judge by evolution or random',
    2000,
    positive,
  ),
  seed: defaultedNumberOption('seed', 'Seed of evolution and random', 0, SEED_RANGE),
  objective: {
    ...text,
    describe:
      'What to maximize: macs, parameters, accuracy, or a command (default: macs; with --accuracy, accuracy)',
  },
  accuracy: { ...text, describe: 'File of accuracies by id: NDJSON, or CSV of id,accuracy' },
  timeout: defaultedNumberOption(
    'timeout',
    'Seconds to wait for each answer of the objective or measure command',
    600,
    { min: 0.1, max: 2_000_000 },
  ),
  best: numberOption('best', 'Propose this many, the best in the objective, instead of the front', {
    ...positive,
    max: 100_000,
  }),
  measure: {
    ...text,
    describe:
      'Command that measures records, such as "device-run -d pixel": search in rounds, each of which measures what is proposed or uncertain, and trains the predictor again',
  },
  measured: {
    ...text,
    describe: 'With --measure: file of the training set, to which each measurement is appended',
  },
  measurements: numberOption(
    'measurements',
    'With --measure: networks to measure in all, earlier runs of this search included (default: 40)',
    positive,
  ),
  'per-round': numberOption(
    'per-round',
    'With --measure: networks to measure in each round (default: 10)',
    positive,
  ),
} as const

export const tool = defineTool({
  name: 'search',
  summary: 'Finds the best networks of a search space within a latency budget.',
  reads: 'nothing with --space; else id, arch; features, kernels and accuracy if they are there',
  writes: 'id, arch, prediction, search (objective, value, rank, budget_ms, risk)',
  examples: [
    [
      'search --predictor pixel.json --budget-ms 20 --space nb101 --accuracy acc.ndjson',
      'The front of latency and accuracy',
    ],
    [
      'search --predictor pixel.json --budget-ms 20 --space fbnet --objective "python train.py"',
      'Evolution with your own trainer in the loop',
    ],
    [
      'search --predictor pixel.json --budget-ms 20 --space nb201 --measure "device-run -d pixel" --measured pixel.ndjson',
      'In rounds that measure what is proposed or uncertain; a second call goes on where the first was killed',
    ],
    [
      'nb101-sample --all --edges 9 | search --predictor pixel.json --budget-ms 20 --best 40',
      'The 40 largest of your own choice of cells',
    ],
  ],
  options,
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
