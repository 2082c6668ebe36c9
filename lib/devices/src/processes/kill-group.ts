/** Whether the system has no process groups. */
export const ON_WINDOWS = process.platform === 'win32'

/** Kills a process group by the id of its leader. Never throws. */
export function killGroup(leader: number): void {
  try {
    process.kill(ON_WINDOWS ? leader : -leader, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
