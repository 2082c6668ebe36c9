import { randomBytes } from 'node:crypto'
import { hasEnded, IDENTITY, isOfThisComputer, ownIdentity } from '@leti/records/files'

/** `leti-`, the name of the process that made it, and a random number. */
const NAME = new RegExp(`^leti-(${IDENTITY})-[0-9a-f]{8}$`)

/** The names in use in this process. */
const open = new Set<string>()

/**
 * A name for all that an open device leaves on its phone: its folder and the addresses of its tabs. By the
 * name, a later run finds out whether the run that left something there goes on.
 */
export function newPhoneRun(): string {
  const name = `leti-${ownIdentity()}-${randomBytes(4).toString('hex')}`
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
  const isOwn = identity === ownIdentity()
  return (isOwn ? !open.has(name) : hasEnded(identity)) ? 'ended' : 'open'
}
