import { LetiError } from '@leti/records'
import { PROFILE, type Tool } from './command.js'

/** Runs the tool on the phone: the user's binary, or the official app. */
export interface Runner {
  readonly name: 'binary' | 'app'
  readonly tool: Tool
  /** Whether the tool gets the cores of the app in the foreground; absent for an app. */
  readonly isTopApp?: boolean
  /**
   * Invokes the tool once.
   *
   * @returns everything that the tool printed
   * @throws {LetiError} `model-failed`, `partial-delegation`, `device-crashed`, `device-lost`
   */
  invoke(flags: readonly string[]): Promise<string>
  /** Ends an invocation in progress. Never throws. */
  close(): Promise<void>
}

/**
 * Checks that the tool knows the flags for a backend and a number of threads. It would silently ignore
 * unknown flags and measure something else.
 *
 * @throws {LetiError} `usage` if it does not
 */
export function checkSupport(runner: Runner, backend: string, threads: number): void {
  const { flags } = runner.tool
  if (backend !== 'cpu' && !flags.has(`use_${backend}`)) {
    throw new LetiError('usage', lack(runner, `does not support ${backend}:`))
  }
  if (threads > 1 && !flags.has('num_threads')) {
    throw new LetiError('usage', lack(runner, 'has no flag for the number of threads:'))
  }
}

/** @throws {LetiError} `unsupported` if the tool cannot time operators one by one */
export function checkProfile(runner: Runner): void {
  const { generation, flags } = runner.tool
  if (flags.has(PROFILE[generation])) return
  throw new LetiError('unsupported', lack(runner, 'cannot time operators (--profile):'))
}

function lack({ name, tool }: Runner, what: string): string {
  const subject = name === 'app' ? 'the benchmark app' : 'this benchmark_model'
  return `${subject} (${tool.generation}) ${what} use another build`
}
