import { randomBytes } from 'node:crypto'
import { hasEnded, identityOf, isOfThisComputer } from '../processes/identity.js'

/** `leti-`, the name of the process that made it, and a random number. */
const NAME = /^leti-([0-9a-f]{5}-[0-9a-z]+-[0-9a-z]+)-[0-9a-f]{8}$/

/** The names in use in this process. */
const open = new Set<string>()

/**
 * A name for all that an open device leaves on its phone: its folder and the addresses of its tabs. By the
 * name, a later run finds out whether the run that left something there goes on.
 */
export function newPhoneRun(): string {
  const identity = identityOf(process.pid) ?? '00000-0-0'
  const name = `leti-${identity}-${randomBytes(4).toString('hex')}`
  open.add(name)
  return name
}

/** What has this name is no longer in use. */
export function endPhoneRun(name: string): void {
  open.delete(name)
}

/** Whether what has this name is in use. Of the runs of other computers, this one knows nothing. */
export function stateOfRun(name: string): 'open' | 'ended' | 'unknown' {
  const [, identity] = NAME.exec(name) ?? []
  if (!identity || !isOfThisComputer(identity)) return 'unknown'
  const isOwn = identity === identityOf(process.pid)
  return (isOwn ? !open.has(name) : hasEnded(identity)) ? 'ended' : 'open'
}
