import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { statOf } from './proc.js'

/** A regular expression for the names of processes. */
export const IDENTITY = '[0-9a-f]{5}-[0-9a-z]+-[0-9a-z]+'

/** On a system that does not tell when a process started. Nobody takes it for ended. */
const UNKNOWN = '00000-0-0'

let own: string | undefined

/** The name of this process, for the names of its temporary files. */
export function ownIdentity(): string {
  return (own ??= identityOf(process.pid) ?? UNKNOWN)
}

/**
 * Names a process so that no other is ever taken for it: by where its number counts, its number, and when it
 * started. The name is short, since sockets below a folder of this name must not exceed 104 characters.
 *
 * @returns `undefined` if there is no such process
 */
export function identityOf(pid: number): string | undefined {
  const start = startOf(pid)
  return start && [space(), pid.toString(36), start].join('-')
}

/** Whether the process of this name has ended; false if it is none of this computer, or unknown. */
export function hasEnded(identity: string): boolean {
  const [, pid] = identity.split('-')
  return isOfThisComputer(identity) && identityOf(parseInt(pid, 36)) !== identity
}

/** Whether the process of this name is, or was, visible here. */
export function isOfThisComputer(identity: string): boolean {
  return identity.startsWith(`${space()}-`)
}

/** Processes of another computer or container are not visible here, though a folder may be shared. */
function space(): string {
  const namespace = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : ''
  return createHash('md5').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 5)
}

/** When a process started; `undefined` if it has ended. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = statOf(pid)
    return stat && stat.state !== 'Z' ? stat.start.toString(36) : undefined
  }
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return (Date.parse(started) / 1000).toString(36)
  } catch {
    return undefined
  }
}
