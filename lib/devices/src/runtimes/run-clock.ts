/** What runs are timed by. `cpu` leaves out the time in which other programs had the CPU. */
export type RunClock = 'wall' | 'cpu'

const wall = (): number => performance.now()

let clock = wall

/** The time by the clock of this process or page, in ms. */
export function now(): number {
  return clock()
}

/** @param cpuTime of this process, in ms; without it, runs are timed by the wall clock */
export function timeRunsBy(cpuTime: () => number = wall): void {
  clock = cpuTime
}
