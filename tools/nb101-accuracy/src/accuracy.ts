import type { Run, Table } from './table.js'
import type { Evaluation } from './training.js'

/** What a record gets: means over the trainings of the largest budget, and each training. */
export interface Accuracy extends Evaluation {
  readonly epochs: number
  readonly parameters: number
  readonly runs: readonly object[]
}

/** `undefined` if the table has no training of the cell. */
export function accuracyOf(table: Table, cell: number, halfWay: boolean): Accuracy | undefined {
  const runs = table.runsOf(cell)
  if (!runs.length) return undefined
  const [{ epochs }] = runs
  const longest = runs.filter((run) => run.epochs === epochs)
  const mean = (name: keyof Evaluation): number =>
    longest.reduce((sum, run) => sum + run[name], 0) / longest.length
  return {
    validation: mean('validation'),
    test: mean('test'),
    train: mean('train'),
    training_s: mean('training_s'),
    epochs,
    parameters: table.parameters[cell],
    runs: halfWay ? runs : runs.map(withoutHalfWay),
  }
}

function withoutHalfWay({ epochs, validation, test, train, training_s }: Run): object {
  return { epochs, validation, test, train, training_s }
}
