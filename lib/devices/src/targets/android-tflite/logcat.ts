/** The tag of the app's own line, which holds all of its arguments and comes before the tool's. */
const START_TAG = 'tflite_BenchmarkModelActivity'
/** The tags of the app, the tool and its runtime. */
export const LOG_TAGS = [START_TAG, 'tflite', 'litert']

/** `05-31 10:31:13.006 21767 21767 I tflite  : Log parameter values verbosely: [0]` */
const LINE = /^\S+ +\S+ +(\d+) +\d+ +([VDIWEF]) +(\S+?) *: ?(.*)$/

/** What one invocation of the app has logged so far. */
export interface AppLog {
  readonly pid: number
  readonly text: string
}

/**
 * Finds one invocation in the output of `logcat -v threadtime`, by the app's process id and arguments.
 * Times are ignored, since a phone's clock may jump.
 *
 * @param token text that only this invocation has in its arguments
 * @returns `undefined` if the app has not started
 */
export function parseAppLog(log: string, token: string): AppLog | undefined {
  const lines = log.split(/\r?\n/).flatMap((line) => {
    const [, pid, level, tag, message] = LINE.exec(line) ?? []
    return pid ? [{ pid: Number(pid), level, tag, message }] : []
  })
  const start = lines.findLastIndex(
    ({ tag, message }) => tag === START_TAG && message.includes(token),
  )
  if (start < 0) return undefined
  const { pid } = lines[start]
  const said = lines
    .slice(start + 1)
    .filter((line) => line.pid === pid && line.tag !== START_TAG)
    .map(({ level, message }) => ('EF'.includes(level) ? `ERROR: ${message}` : message))
  return { pid, text: said.join('\n') }
}
