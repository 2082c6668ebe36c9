/** How fast the farm notices what has died. */
export interface Timing {
  /** A job is taken from a worker that has not renewed its claim for so long, ms. */
  readonly lockMs: number
  /** Between two looks for such jobs, ms. */
  readonly stalledMs: number
  /** Between two looks at a device that is not ready, ms. */
  readonly probeMs: number
  /** A device that has measured within this time needs no look, ms. */
  readonly freshMs: number
  /** Between two signs of life of a process, ms; three missing ones mean that it is gone. */
  readonly presenceMs: number
  /** Between two checks of the connection, ms. */
  readonly watchdogMs: number
  /** The longest wait for an answer of a server that is there, ms. */
  readonly answerMs: number
}

/** A worker that was killed loses its job after 17 to 22 s; BullMQ's own defaults take about a minute. */
export const TIMING: Timing = {
  lockMs: 12_000,
  stalledMs: 5000,
  probeMs: 5000,
  freshMs: 15_000,
  presenceMs: 5000,
  watchdogMs: 15_000,
  answerMs: 5000,
}

/** How often a job may kill its worker and start again; after that, it is set aside. */
export const MAX_STALLED = 2

/** How often a device may be lost in the midst of one job; after that, the job gets an error. */
export const MAX_LOSSES = 3
