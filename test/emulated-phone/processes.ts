import { readdirSync, readFileSync } from 'node:fs'

/** A process of the phone that runs on this computer. */
export interface PhoneProcess {
  readonly pid: number
  /** Its command line. */
  readonly command: string
}

/** The running processes of the sessions that these pids lead. */
export function processesOf(sessions: ReadonlySet<number>): PhoneProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        // pid (name) state ppid pgrp session ...; the name may contain any character.
        const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (!sessions.has(Number(session)) || state === 'Z') return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        return [{ pid: Number(name), command: command.replaceAll('\0', ' ').trim() }]
      } catch {
        // The process has ended in the meantime.
        return []
      }
    })
}
