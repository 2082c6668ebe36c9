import { readFusion } from '@leti/features'
import type { Io } from '@leti/pipe'
import { NetworkPredictor, readPredictor } from '@leti/predictors'
import { LetiError } from '@leti/records'
import { candidatesOf } from './candidates.js'
import { Judging } from './judging.js'
import { openObjective } from './objectives/open.js'
import type { SearchOptions } from './options.js'
import { Proposals } from './proposals.js'

/** Writes the networks of the front within the budget, or the best of them, and prints them as a table. */
export async function run(options: SearchOptions, io: Io): Promise<void> {
  refuseIdle(options)
  const predictor = await readPredictor(options.predictor, io.signal)
  const { fusion } = options
  const rules = fusion === undefined ? undefined : await readFusion(fusion, io.signal)
  const networks = new NetworkPredictor(predictor, rules)
  const objective = await openObjective(options, io)
  const judging = new Judging(networks, objective, options, io)
  const proposals = new Proposals(objective.name, options)
  try {
    const found = await candidatesOf(options, objective.isSlow, judging, io)
    for await (const judged of found) {
      proposals.add(judged)
      if (io.signal.aborted) break
    }
  } catch (error) {
    // What was found is not lost if the objective fails.
    io.caught(`after ${judging.count} networks`, error)
  } finally {
    await objective.close()
  }
  if (proposals.isEmpty) judging.explainNothing()
  for (const record of proposals.records()) await io.write(record)
  if (!proposals.isEmpty) await io.print(proposals.table(judging.count))
}

/** @throws {LetiError} `usage` for options that would have no effect */
function refuseIdle({ space, files, config, method }: SearchOptions): void {
  if (space === undefined && (config ?? method) !== undefined) {
    const name = config === undefined ? 'method' : 'config'
    throw new LetiError('usage', `--${name} requires --space`)
  }
  if (space !== undefined && files.length) {
    throw new LetiError('usage', '--space and files exclude each other: both give the networks')
  }
}
