/**
 * What the page of a web device and its server say to each other. The page asks for its next turn with a request that
 * carries the answer to the last call; the server answers when there is a call. WebSockets would be shorter, but
 * Safari opens none to a server whose certificate the user only accepted.
 */

/** A call of the page's session, or `start`. */
export interface Call {
  readonly method: string
  readonly args: readonly (string | number)[]
}

/** The answer to a call. */
export type Answer = { readonly result: unknown } | { readonly error: string }

/** What the page asks with. */
export interface Turn {
  /** A name that the page gives itself when it is loaded. */
  readonly page: string
  /** Number of the last call that it has got; 0 before the first. */
  readonly number: number
  /** The answer to that call, unless there was none. */
  readonly answer?: Answer
}

/** What the server answers. */
export interface NextTurn {
  readonly call?: Call & { readonly number: number }
  /** Number of networks that were measured. */
  readonly measured: number
  /** Number of networks that are to be measured; absent if that is not known. */
  readonly expected?: number | undefined
  /** How long the others will take. */
  readonly secondsLeft?: number | undefined
  /** Why there are no more turns. */
  readonly over?: Over
}

/**
 * How it ends: the run is over; the person who holds it stopped it; a page that was loaded later took over; the
 * connection was lost, so that the page must be loaded again; the runtime does not start.
 */
export interface Over {
  readonly why: 'done' | 'stopped' | 'moved' | 'lost' | 'failed'
  readonly message?: string
  /** Whether the person who stopped it may start it again. */
  readonly mayStart?: boolean
}
