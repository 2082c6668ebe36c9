import type { Io } from '@leti/pipe'
import { isObject, type LetiRecord } from '@leti/records'
import type { Accuracies } from './accuracies.js'
import type { Objective } from './objective.js'

/**
 * The accuracy of a network: that of a table, or its own member `accuracy`.
 *
 * @param table absent if no file was given
 */
export function accuracyObjective(table: Accuracies | undefined, io: Io): Objective {
  let asked = ''
  const valueOf = (record: LetiRecord): number | undefined => {
    asked = record.id
    const value = table ? table.of(record.id) : accuracyIn(record.accuracy)
    if (value === undefined) io.warn('left out: it has no accuracy', record.id)
    return value
  }
  return {
    name: 'accuracy',
    isSlow: false,
    valuesOf: (records) => records.map(valueOf),
    whyNone: () =>
      table
        ? `--accuracy names networks such as ${JSON.stringify(table.example)}, and none such as ${JSON.stringify(asked)}`
        : 'the records have no "accuracy": give a table with --accuracy',
    close: () => undefined,
  }
}

/** A number, or the validation accuracy of what nb101-accuracy adds. */
export function accuracyIn(member: unknown): number | undefined {
  const value = isObject(member) ? member.validation : member
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
