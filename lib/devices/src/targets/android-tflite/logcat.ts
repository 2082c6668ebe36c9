/** The app's own line, with all of its arguments, before its tool says anything. */
const START_TAG = 'tflite_BenchmarkModelActivity'
/** What the tool and its runtime log under. */
export const LOG_TAGS = [START_TAG, 'tflite', 'litert']

/** `05-31 10:31:13.006 21767 21767 I tflite  : Log parameter values verbosely: [0]` */
const LINE = /^\S+ +\S+ +(\d+) +\d+ +([VDIWEF]) +(\S+?) *: ?(.*)$/

/** What one invocation of the app has said so far. */
export interface AppLog {
  readonly pid: number
  readonly text: string
}

/**
 * Picks one invocation out of `logcat -v threadtime`. It goes by the app's process and what was asked of
 * it, not by time: a phone's clock may jump.
 *
 * @param token what stands in this invocation's arguments and in no other's
 * @returns undefined where the app has not started
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
