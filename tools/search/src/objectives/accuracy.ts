import { isObject } from '@leti/records'
import type { Accuracies } from './accuracies.js'
import type { Looked, Objective } from './objective.js'

/** A file of accuracies, and what it holds. */
export interface AccuracyTable {
  readonly file: string
  readonly accuracies: Accuracies
}

/**
 * The accuracy of a network: that of a table, or its own member `accuracy`.
 *
 * @param table absent if no file was given
 */
export function accuracyObjective(table: AccuracyTable | undefined): Objective {
  return table ? ofTable(table) : ofMember()
}

function ofTable({ file, accuracies }: AccuracyTable): Objective {
  let last = ''
  return {
    ...BASIC,
    valuesOf: (records) => records.map(({ id }) => accuracies.of(id)),
    knows({ id }) {
      last = id
      return accuracies.find(id)
    },
    summary(looked) {
      const { size, found } = accuracies
      // Of a search that samples its space, nothing follows for the ids that it did not meet.
      const unmatched = looked.isAll ? size - found : 0
      const ids = unmatched ? `${unmatched} of its ${size} ids match no network` : undefined
      const parts = [ids, withoutAccuracy(looked)].filter((part) => part !== undefined)
      return parts.length ? `--accuracy ${file}: ${parts.join('; ')}` : undefined
    },
    whyNone() {
      if (accuracies.found) return undefined
      const [named, asked] = [accuracies.example, last].map((id) => JSON.stringify(id))
      return `--accuracy names networks such as ${named}, and none such as ${asked}`
    },
  }
}

function ofMember(): Objective {
  let isFound = false
  return {
    ...BASIC,
    valuesOf: (records) => records.map(({ accuracy }) => accuracyIn(accuracy)),
    knows({ accuracy }) {
      const isKnown = accuracyIn(accuracy) !== undefined
      isFound ||= isKnown
      return isKnown
    },
    summary: withoutAccuracy,
    whyNone: () =>
      isFound ? undefined : 'the records have no "accuracy": give a table with --accuracy',
  }
}

const BASIC = { name: 'accuracy', isSlow: false, close: () => undefined } as const

function withoutAccuracy({ count, unknown }: Looked): string | undefined {
  return unknown ? `${unknown} of ${count} networks have no accuracy and are left out` : undefined
}

/** A number, or the validation accuracy of what nb101-accuracy adds. */
export function accuracyIn(member: unknown): number | undefined {
  const value = isObject(member) ? member.validation : member
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
