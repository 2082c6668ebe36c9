import { readFileSync } from 'node:fs'

/** What Linux tells about a process (proc_pid_stat(5)). */
export interface ProcessStat {
  /** One letter: `Z` for a process that has ended. */
  readonly state: string
  readonly group: number
  /** When it started, in clock ticks since the computer did. */
  readonly start: number
}

/**
 * @param pid the name of an entry of /proc
 * @returns `undefined` if there is no such process
 */
export function statOf(pid: number | string): ProcessStat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  // The second field is the program's name in brackets, which may contain both spaces and brackets.
  const [state, , group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, group: Number(group), start: Number(rest[16]) }
}
