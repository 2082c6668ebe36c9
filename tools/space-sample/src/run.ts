import { asUsage, type Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { allArchitectures, drawArchitectures, settingsOf } from '@leti/spaces'

interface SpaceSampleOptions {
  /** Name of the search space. */
  readonly space: string
  /** Number of architectures to draw. */
  readonly number?: number | undefined
  readonly all: boolean
  readonly seed: number
}

/** The options that set what differs from the published networks, by the names of the spaces. */
const SETTINGS: Readonly<Record<string, string>> = {
  dataset: 'dataset',
  'input-shape': 'input_shape',
  resolution: 'resolution',
  width: 'width',
  'head-filter-size': 'head_filter_size',
  'num-labels': 'num_labels',
}

/** Writes the records of drawn architectures, or of all. */
export async function run(options: SpaceSampleOptions, io: Io): Promise<void> {
  const { space, number, all, seed } = options
  if (all === (number !== undefined)) {
    throw new LetiError('usage', 'give exactly one of --all and -n')
  }
  const given = givenSettings({ ...options })
  const settings = asUsage(() => settingsOf(space, given))
  const drawn =
    number === undefined
      ? allArchitectures(space, settings)
      : drawArchitectures(space, number, seed, settings)
  for (const record of drawn) {
    if (io.signal.aborted) return
    await io.write(record)
  }
}

function givenSettings(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const members = Object.entries(SETTINGS).map(([option, name]) => [name, options[option]] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}
