/** Exit codes of all tools. */
export const EXIT = {
  ok: 0,
  /** Some records failed; the results of the others are on stdout. */
  failed: 1,
  /** Wrong options, configuration or device; nothing was done. */
  usage: 2,
  /** Interrupted by a signal, such as Ctrl-C; finished results are on stdout. */
  interrupted: 130,
} as const
