import { fstatSync, readFileSync, statSync, writeSync } from 'node:fs'
import { LetiError, messageOf, toLetiError } from '@leti/records'
import { systemReason } from '@leti/records/files'
import { EXIT } from './exit.js'
import { say, sayTrace } from './people.js'
import { Stop } from './stop.js'
import { writeWhole } from './whole-writes.js'

/**
 * Runs a command on the streams of the process, and sets the exit code of the process.
 *
 * @param work returns the exit code; what it throws is reported
 * @param endsAtOnce whether a signal ends the process at once, without asking `work` to end
 */
export async function runProcess(
  command: string,
  work: (stop: Stop) => Promise<number>,
  endsAtOnce = false,
): Promise<void> {
  // Holds if Node ends with the work unfinished, since nothing is left that could wake it.
  process.exitCode = EXIT.failed
  const stop = new Stop()
  // Messages are lost if stderr is full or its reader is gone; the results are not.
  process.stderr.on('error', () => undefined)
  const failed = (problem: string): void => {
    say(`${command}: cannot write stdout: ${problem}`)
    stop.now(EXIT.failed)
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (stop.signal.aborted) return
    // A reader that stops early, such as `head`, is no error.
    if (error.code === 'EPIPE') stop.now(EXIT.ok)
    else failed(systemReason(error))
  })
  const problem = stdoutProblem()
  if (problem !== undefined) {
    failed(problem)
    return
  }
  writeWhole(process.stdout)
  for (const signal of endsAtOnce ? [] : ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => stop.now(EXIT.interrupted))
  }
  try {
    const code = await work(stop)
    process.exitCode = stop.code ?? code
  } catch (error) {
    process.exitCode = stop.code ?? reportError(command, error)
  }
}

/** Why stdout takes nothing, if it can be known before there is something to write. */
function stdoutProblem(): string | undefined {
  try {
    writeSync(1, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // EAGAIN: the reader is slow. EPIPE: there is none, which is found out when something is written.
    return code === 'EAGAIN' || code === 'EPIPE' ? undefined : systemReason(error)
  }
  return isClosed()
    ? 'it is closed, or opened like a closed one (use > /dev/null to discard the results)'
    : undefined
}

/**
 * Whether the process was started without stdout. Node opens the null device in its place, for reading
 * too; a shell opens it for writing only. A program that discards both streams in that way is served.
 */
function isClosed(): boolean {
  if (process.platform !== 'linux' || !isNull(1) || isNull(2)) return false
  const [, flags] = /^flags:\s*([0-7]+)/m.exec(readFileSync('/proc/self/fdinfo/1', 'utf8')) ?? []
  return flags !== undefined && (parseInt(flags, 8) & 3) === 2
}

function isNull(stream: number): boolean {
  return fstatSync(stream).rdev === statSync('/dev/null').rdev
}

/** Prints what ended the run, in one line. Returns the exit code. */
function reportError(command: string, thrown: unknown): number {
  const { name } = Object(thrown) as Error
  // yargs throws its own errors for some kinds of wrong usage.
  const error = name === 'YError' ? new LetiError('usage', messageOf(thrown)) : toLetiError(thrown)
  say(`${command}: ${error.message}`)
  if (error.code === 'internal') {
    if (process.argv.includes('--verbose')) sayTrace(thrown)
    else say(`${command}: this is a bug of LETI; --verbose shows its trace`)
  }
  return error.code === 'usage' ? EXIT.usage : EXIT.failed
}
