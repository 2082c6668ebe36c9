import { openDoor } from '@leti/farm'
import type { Io } from '@leti/pipe'

export interface FarmAddress {
  /** Of the Redis. */
  readonly url: string
  /** Whether the user accepts a Redis that may lose jobs and results. */
  readonly isVolatile: boolean
}

/** Tells the user of a Redis that strangers may reach. */
export function warnOfDoor(io: Io, { url }: FarmAddress): void {
  const warning = openDoor(url)
  if (warning !== undefined) io.warn(warning)
}
