import { asUsage, type Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import {
  checkSize,
  checkWidth,
  drawCells,
  parseConfig,
  RecordWriter,
  selectCells,
  stratify,
  type Cells,
  type Config,
  type Stratification,
} from '@leti/spaces'
import { toFilter, type FilterOptions } from './filter.js'
import { openSpace, withProgress } from './space.js'
import { writeCells, writeHashes, writeSpecs } from './write.js'

interface SampleOptions extends FilterOptions {
  readonly all: boolean
  /** Number of cells to draw. */
  readonly number?: number | undefined
  readonly seed: number
  readonly stratify?: Stratification | undefined
  /** Hashes or ids of cells, separated by commas. */
  readonly hash?: string | undefined
  /** File of cells in the public API's form. */
  readonly spec?: string | undefined
}

/** Writes the records of the cells that the options choose. */
export async function run(argv: SampleOptions, io: Io): Promise<void> {
  const config = configOf({ ...argv })
  const { all, number, hash, spec } = argv
  const asked = [number, hash, spec].filter((given) => given !== undefined).length + Number(all)
  if (asked !== 1) {
    throw new LetiError('usage', 'give exactly one of --all, -n, --hash and --spec')
  }
  refuseIdle(argv)
  if (argv.spec !== undefined) return writeSpecs(io, argv.spec, config)
  const cells = await openSpace(io)
  if (argv.hash !== undefined) return writeHashes(io, argv.hash, cells, config)
  const chosen = await chooseCells(argv, cells, config, io)
  asUsage(() => checkWidth(cells, chosen, config))
  await writeCells(io, chosen, new RecordWriter(cells, config))
}

/**
 * Refuses options that would have no effect.
 *
 * @throws {LetiError} `usage`
 */
function refuseIdle(argv: SampleOptions): void {
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
): Promise<readonly number[] | Int32Array> {
  const selected = selectCells(cells, await toFilter(choice, cells, io))
  if (choice.number === undefined) return selected
  const { stratify: by } = choice
  if (by === 'macs') asUsage(() => checkWidth(cells, selected, config))
  const strata = by
    ? await withProgress(io, 'graphs', (step) => stratify(cells, selected, by, config, step))
    : [selected]
  return drawCells(strata, choice.number, choice.seed)
}

/**
 * The configuration in the options; absent options have their published values.
 *
 * @throws {LetiError} `usage` if no network has such a configuration
 */
function configOf(argv: Readonly<Record<string, unknown>>): Config {
  const given: Record<string, unknown> = {
    input_shape: argv['input-shape'],
    stem_filter_size: argv['stem-filter-size'],
    num_stacks: argv['num-stacks'],
    num_modules_per_stack: argv['num-modules-per-stack'],
    num_labels: argv['num-labels'],
  }
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return asUsage(() => {
    const config = parseConfig(Object.fromEntries(members))
    checkSize(config)
    return config
  })
}
