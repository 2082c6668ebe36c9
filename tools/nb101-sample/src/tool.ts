import {
  defaultedNumberOption,
  defineTool,
  numberOption,
  optionalChoiceOption,
  SEED_RANGE,
  type Io,
} from '@leti/pipe'
import { LetiError } from '@leti/records'
import {
  drawCells,
  parseConfig,
  RecordWriter,
  selectCells,
  STRATIFICATIONS,
  stratify,
  type Cells,
  type Config,
  type Stratification,
} from '@leti/spaces'
import { toFilter, type FilterOptions } from './filter.js'
import { openSpace, withProgress } from './space.js'
import { writeCells, writeHashes, writeSpecs } from './write.js'

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
    ...text,
    describe: 'Height, width and channels of the image (default: 32x32x3)',
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
  run: async (argv, io) => {
    const config = configOf({ ...argv })
    const asked = [argv.all, argv.number, argv.hash, argv.spec].filter(Boolean)
    if (asked.length !== 1) {
      throw new LetiError('usage', 'give exactly one of --all, -n, --hash and --spec')
    }
    refuseIdle(argv)
    if (argv.spec !== undefined) return writeSpecs(io, argv.spec, config)
    const cells = await openSpace(io)
    const writer = new RecordWriter(cells, config)
    if (argv.hash !== undefined) return writeHashes(io, argv.hash, cells, writer)
    await writeCells(io, await chooseCells(argv, cells, config, io), writer)
  },
})

/**
 * Refuses options that would have no effect.
 *
 * @throws {LetiError} `usage`
 */
function refuseIdle(
  argv: FilterOptions & { stratify?: unknown; hash?: unknown; spec?: unknown; all: boolean },
): void {
  const { vertices, edges, operations, exclude, stratify: strata } = argv
  if (argv.all && strata !== undefined) throw new LetiError('usage', '--stratify requires -n')
  const chosen = [vertices, edges, operations, exclude, strata].some((given) => given !== undefined)
  if (chosen && (argv.hash ?? argv.spec) !== undefined) {
    throw new LetiError('usage', '--hash and --spec cannot be combined with filters or --stratify')
  }
}

interface Choice extends FilterOptions {
  readonly number?: number | undefined
  readonly seed: number
  readonly stratify?: Stratification | undefined
}

/** Numbers of the cells to write: all cells that pass the filters, or a draw from them. */
async function chooseCells(
  choice: Choice,
  cells: Cells,
  config: Config,
  io: Io,
): Promise<Iterable<number>> {
  const selected = selectCells(cells, await toFilter(choice, cells, io))
  if (choice.number === undefined) return selected
  const { stratify: by } = choice
  const strata = by
    ? await withProgress(io, 'graphs', (step) => stratify(cells, selected, by, config, step))
    : [selected]
  return drawCells(strata, choice.number, choice.seed)
}

/** The configuration in the options; absent options have their published values. */
function configOf(argv: Readonly<Record<string, unknown>>): Config {
  const given: Record<string, unknown> = {
    input_shape: shapeOf(argv['input-shape']),
    stem_filter_size: argv['stem-filter-size'],
    num_stacks: argv['num-stacks'],
    num_modules_per_stack: argv['num-modules-per-stack'],
    num_labels: argv['num-labels'],
  }
  return parseConfig(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  )
}

function shapeOf(shape: unknown): number[] | undefined {
  if (shape === undefined) return undefined
  if (typeof shape === 'string' && /^[1-9]\d*(x[1-9]\d*){2}$/.test(shape)) {
    return shape.split('x').map(Number)
  }
  throw new LetiError('usage', '--input-shape takes height, width and channels, such as 32x32x3')
}

function configNumber<Name extends string>(name: Name, describe: string) {
  const option = { ...numberOption(name, describe, positive), group: 'Configuration:' }
  return { [name]: option } as Record<Name, typeof option>
}
