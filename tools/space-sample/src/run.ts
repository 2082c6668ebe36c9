import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { allArchitectures, drawArchitectures } from '@leti/spaces'

interface SpaceSampleOptions {
  /** Name of the search space. */
  readonly space: string
  /** Number of architectures to draw. */
  readonly number?: number | undefined
  readonly all: boolean
  readonly seed: number
}

/** Writes the records of drawn architectures, or of all. */
export async function run(options: SpaceSampleOptions, io: Io): Promise<void> {
  const { space, number, all, seed } = options
  if (all === (number !== undefined)) {
    throw new LetiError('usage', 'give exactly one of --all and -n')
  }
  const drawn =
    number === undefined ? allArchitectures(space) : drawArchitectures(space, number, seed)
  for (const record of drawn) {
    if (io.signal.aborted) return
    await io.write(record)
  }
}
