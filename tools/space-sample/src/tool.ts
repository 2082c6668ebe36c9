import {
  choiceOption,
  defaultedNumberOption,
  defineTool,
  imageShapeOption,
  numberOption,
  optionalChoiceOption,
  SEED_RANGE,
  type NumberRange,
} from '@leti/pipe'
import { CHOICE_SPACES, NB201_DATASETS } from '@leti/spaces/names'

const positive = { min: 1, integer: true } as const
const group = 'Configuration:'

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
  dataset: {
    ...optionalChoiceOption(
      'dataset',
      `Data set of nb201: ${NB201_DATASETS.join(', ')} (default: cifar10)`,
      NB201_DATASETS,
    ),
    group,
  },
  'input-shape': {
    ...imageShapeOption(
      'input-shape',
      "Height, width and channels of nb201's image (default: 32x32x3)",
    ),
    group,
  },
  ...configNumber('resolution', "Height and width of fbnet's image, in pixels (default: 224)"),
  ...configNumber('width', "Width multiplier of fbnet's channels (default: 1)", { min: 0 }),
  ...configNumber('head-filter-size', "Channels of fbnet's last convolution (default: 1984)"),
  ...configNumber('num-labels', 'Number of classes (default: 10, of fbnet 1000)'),
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
    ['space-sample --space nb201 --all --dataset cifar100 | wc -l', 'Count all cells'],
    [
      'space-sample --space fbnet -n 100 --resolution 128 --width 0.5 > small.ndjson',
      'Small FBNet networks',
    ],
  ],
  options,
  takesFiles: false,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

function configNumber<Name extends string>(
  name: Name,
  describe: string,
  range: NumberRange = positive,
) {
  const option = { ...numberOption(name, describe, range), group }
  return { [name]: option } as Record<Name, typeof option>
}
