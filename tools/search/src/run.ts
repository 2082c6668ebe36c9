import { readFusion } from '@leti/features'
import type { Io } from '@leti/pipe'
import { NetworkPredictor, readPredictor } from '@leti/predictors'
import { LetiError } from '@leti/records'
import { searchInRounds } from './measuring/rounds.js'
import { openObjective } from './objectives/open.js'
import { measuringOptions, type SearchOptions } from './options.js'
import { pass } from './pass.js'

/** Writes the networks of the front within the budget, or the best of them, and prints them as a table. */
export async function run(options: SearchOptions, io: Io): Promise<void> {
  refuseIdle(options)
  const measuring = measuringOptions(options)
  const predictor = await readPredictor(options.predictor, io.signal)
  const { fusion } = options
  const rules = fusion === undefined ? undefined : await readFusion(fusion, io.signal)
  const objective = await openObjective(options, io)
  try {
    const { judging, proposals, isAll } = measuring
      ? await searchInRounds(options, measuring, predictor, rules, objective, io)
      : await pass(options, new NetworkPredictor(predictor, rules), objective, io)
    judging.tellUnknown(isAll)
    if (proposals.isEmpty) judging.explainNothing()
    for (const record of proposals.records()) await io.write(record)
    if (!proposals.isEmpty) await io.print(proposals.table(judging.count))
  } finally {
    await objective.close()
  }
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
