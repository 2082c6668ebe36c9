/** `logcat`: -c, -d, -e, -m, -t, -T, -v brief|time|threadtime, -s, --pid and filters like `tflite:I *:S`. */
import type { LogBuffer, LogEntry } from '../log-buffer.js'
import type { Command } from './server.js'

interface Options {
  readonly format: string
  readonly clear: boolean
  readonly follow: boolean
  readonly pid?: number
  /** A count of the newest entries, or a time. */
  readonly since?: string
  readonly filters: string[]
  /** Pattern that the text must match. */
  readonly pattern?: RegExp
  /** Number of entries after which it ends. */
  readonly most?: number
}

const PRIORITIES = 'VDIWEFS'
const FORMATS = ['brief', 'time', 'threadtime', 'tag', 'raw', 'process']

export function logcat(log: LogBuffer): Command {
  return ({ args, out, err, signal }) => {
    const options = parse(args)
    if (!FORMATS.includes(options.format)) {
      err(`logcat: Invalid parameter "${options.format}" to -v\n`)
      return 1
    }
    if (options.clear) {
      log.clear()
      return 0
    }
    const wanted = (entry: LogEntry) => passes(entry, options)
    let left = options.most ?? Infinity
    const tell = (entry: LogEntry): void => {
      if (left-- > 0) out(print(entry, options.format))
    }
    out('--------- beginning of main\n')
    for (const entry of newest(log.entries.filter(wanted), options.since)) tell(entry)
    if (!options.follow || left <= 0) return 0
    return new Promise((resolve) => {
      const end = (): void => {
        log.off('entry', follow)
        resolve(0)
      }
      const follow = (entry: LogEntry): void => {
        if (!wanted(entry)) return
        tell(entry)
        if (left <= 0) end()
      }
      log.on('entry', follow)
      signal.addEventListener('abort', end)
    })
  }
}

function parse(args: readonly string[]): Options {
  const options = { format: 'threadtime', clear: false, follow: true, filters: [] as string[] }
  const found: { pid?: number; since?: string; pattern?: RegExp; most?: number } = {}
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]
    if (argument === '-c') options.clear = true
    else if (argument === '-d') options.follow = false
    else if (argument === '-s') options.filters.push('*:S')
    else if (argument === '-v') options.format = args[++i]
    else if (argument === '-b') i++
    else if (argument === '-e') found.pattern = new RegExp(args[++i])
    else if (argument === '-m') found.most = Number(args[++i])
    else if (argument === '-T' || argument === '-t') {
      found.since = args[++i]
      options.follow &&= argument === '-T'
    } else if (argument.startsWith('--pid=')) found.pid = Number(argument.slice(6))
    else if (!argument.startsWith('-')) options.filters.push(argument)
  }
  return { ...options, ...found }
}

/** The last filter of a tag decides; without a filter for `*`, all other tags pass. */
function passes(entry: LogEntry, { filters, pid, pattern }: Options): boolean {
  if (pid !== undefined && entry.pid !== pid) return false
  if (pattern && !pattern.test(entry.text)) return false
  const of = (tag: string) => filters.findLast((filter) => filter.split(':', 1)[0] === tag)
  const filter = of(entry.tag) ?? of('*') ?? '*:V'
  const [, least = 'V'] = filter.split(':')
  return PRIORITIES.indexOf(entry.priority) >= PRIORITIES.indexOf(least)
}

/** `since` is a count, `MM-DD hh:mm:ss.mmm`, `YYYY-MM-DD hh:mm:ss.mmm` or seconds since 1970. */
function newest(entries: LogEntry[], since: string | undefined): LogEntry[] {
  if (since === undefined) return entries
  if (/^\d+$/.test(since)) return entries.slice(-Number(since))
  if (/^\d+\.\d+$/.test(since)) {
    return entries.filter(({ time }) => time.getTime() >= Number(since) * 1000)
  }
  const date = since.replace(/^\d{4}-/, '')
  return entries.filter(({ time }) => stamp(time) >= date)
}

function print(entry: LogEntry, format: string): string {
  const { time, pid, priority, tag, text } = entry
  const padded = tag.padEnd(8)
  const id = String(pid).padStart(5)
  const prefixes: Readonly<Record<string, string>> = {
    brief: `${priority}/${padded}(${id}): `,
    process: `${priority}(${id}) `,
    raw: '',
    tag: `${priority}/${padded}: `,
    threadtime: `${stamp(time)} ${id} ${id} ${priority} ${padded}: `,
    time: `${stamp(time)} ${priority}/${padded}(${id}): `,
  }
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => `${prefixes[format]}${line}\n`).join('')
}

/** `MM-DD hh:mm:ss.mmm`, in the phone's time zone. */
function stamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  const ms = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}.${ms}`
}
