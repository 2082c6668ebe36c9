/** Exit codes of all tools. */
export const EXIT = {
  ok: 0,
  /** Some records failed; the others are on stdout. */
  failed: 1,
  /** Wrong usage, configuration or device; nothing was done. */
  usage: 2,
  /** Ctrl-C, or told to end; what was done is on stdout. */
  interrupted: 130,
} as const
