import type { PredictionRow, Report, Row } from '../data.js'
import type { Details } from './details.js'
import { compact, fixed, plain } from './numbers.js'
import { Table, type Column } from './table.js'

/** More predictors than this have no columns of their own. */
const MOST_PREDICTORS = 4

export interface IndexedRow extends Row {
  readonly index: number
}

/** All records, with the columns that any of them fills. */
export function recordTable(report: Report, details: Details): Table<IndexedRow> {
  const columns: Column<IndexedRow>[] = [
    { title: 'Id', value: ({ id }) => id, open: ({ index }) => details.pin(index, true) },
    { title: 'Space', value: ({ space }) => space },
    { title: 'Device', value: ({ device }) => device },
    { title: 'Latency, ms', value: ({ latency }) => latency, text: plain },
    { title: 'Low, ms', value: ({ low }) => low, text: plain },
    { title: 'High, ms', value: ({ high }) => high, text: plain },
    { title: 'MACs', value: ({ macs }) => macs, text: compact },
    { title: 'Parameters', value: ({ parameters }) => parameters, text: compact },
    { title: 'Activations, bytes', value: ({ activations }) => activations, text: compact },
    { title: 'Memory, bytes', value: ({ memory }) => memory, text: compact },
    { title: 'Objective', value: ({ objective }) => objective, text: plain },
    ...predictionColumns(report),
  ]
  const rows = indexed(report)
  const filled = columns.filter(({ value }) => rows.some((row) => value(row) !== undefined))
  return new Table('Records', filled, rows)
}

export function indexed({ rows }: Report): IndexedRow[] {
  return rows.map((row, index) => ({ ...row, index }))
}

function predictionColumns({ predictions }: Report): Column<IndexedRow>[] {
  const byName = new Map<string, Map<number, PredictionRow>>()
  for (const prediction of predictions) {
    const own = byName.get(prediction.predictor) ?? new Map<number, PredictionRow>()
    byName.set(prediction.predictor, own.set(prediction.row, prediction))
  }
  return [...byName].slice(0, MOST_PREDICTORS).flatMap(([name, own]) => {
    const predicted = ({ index }: IndexedRow) => own.get(index)?.predicted
    const error = (row: IndexedRow) => {
      const value = predicted(row)
      return value === undefined || row.latency === undefined
        ? undefined
        : 100 * (value / row.latency - 1)
    }
    return [
      { title: `${name}, ms`, value: predicted, text: plain },
      { title: `${name}, error %`, value: error, text: (value) => fixed(value, 1) },
    ]
  })
}
