import { EventEmitter } from 'node:events'
import type { PhoneClock } from './clock.js'

export interface LogEntry {
  readonly time: Date
  readonly pid: number
  /** V, D, I, W, E or F. */
  readonly priority: string
  readonly tag: string
  readonly text: string
}

/** Number of entries kept; the oldest are dropped, as in logd. */
const CAPACITY = 5000

/** The phone's log. Emits `entry` for each new entry. */
export class LogBuffer extends EventEmitter<{ entry: [LogEntry] }> {
  entries: LogEntry[] = []

  constructor(private readonly clock: PhoneClock) {
    super()
    this.setMaxListeners(0)
  }

  add(entry: Omit<LogEntry, 'time'>): void {
    const timed = { ...entry, time: this.clock.now() }
    this.entries = [...this.entries.slice(-CAPACITY + 1), timed]
    this.emit('entry', timed)
  }

  clear(): void {
    this.entries = []
  }
}
