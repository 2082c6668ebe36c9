import type { LetiRecord } from '@leti/records'
import { identityOf, settingsOf, type StatedSetting } from './settings.js'

interface SeenValue {
  readonly setting: StatedSetting
  /** The id of the first record with it. */
  readonly first: string
  count: number
}

/** A setting that is not the same in all records. */
export interface Difference {
  /** The member of the record, such as `environment.cpu`. */
  readonly member: string
  /** Whether the values are versions of one thing, so that the records may be of one machine. */
  readonly isVersion: boolean
  /** The values and their records, for people. */
  readonly text: string
}

/** Most values that a text lists. */
const MOST_VALUES = 3

/** Finds out whether records were measured on one machine with one setting. */
export class Differences {
  private readonly seen = new Map<string, Map<unknown, SeenValue>>()

  add(record: LetiRecord): void {
    for (const setting of settingsOf(record)) {
      const { member, value } = setting
      const values = this.seen.get(member) ?? new Map<unknown, SeenValue>()
      this.seen.set(member, values)
      const known = values.get(value)
      if (known) known.count++
      else values.set(value, { setting, first: record.id, count: 1 })
    }
  }

  /** Settings with more than one value. A record that does not state a setting differs from none. */
  list(): Difference[] {
    return [...this.seen]
      .filter(([, values]) => values.size > 1)
      .map(([member, values]) => toDifference(member, [...values.values()]))
  }
}

function toDifference(member: string, values: readonly SeenValue[]): Difference {
  const identities = new Set(values.map(({ setting }) => identityOf(setting)))
  const shown = values.slice(0, MOST_VALUES).map(({ setting: { value }, count, first }, i) => {
    const records = i ? `${count}` : `${count} ${count === 1 ? 'record' : 'records'}`
    return `${JSON.stringify(value)} in ${records} (first: ${first})`
  })
  const more = values.length - shown.length
  const all = more ? [...shown, `${more} more`] : shown
  const text = `${member} is ${all.slice(0, -1).join(', ')} and ${all[all.length - 1]}`
  return { member, isVersion: identities.size === 1, text }
}
