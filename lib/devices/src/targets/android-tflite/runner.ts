import { LetiError } from '@leti/records'
import { PROFILE, type Tool } from './command.js'

/** What drives the tool on the phone: its binary, or the official app. */
export interface Runner {
  readonly name: 'binary' | 'app'
  readonly tool: Tool
  /**
   * One invocation.
   *
   * @returns all that the tool said
   * @throws {LetiError} `model-failed`, `partial-delegation`, `device-crashed`, `device-lost`
   */
  invoke(flags: readonly string[]): Promise<string>
  /** Ends what is under way. Never throws. */
  close(): Promise<void>
}

/**
 * The tool would silently ignore a flag that it does not know, and measure something else.
 *
 * @throws {LetiError} `usage` where it cannot run on this backend or with these threads
 */
export function checkSupport(runner: Runner, backend: string, threads: number): void {
  const { flags } = runner.tool
  if (backend !== 'cpu' && !flags.has(`use_${backend}`)) {
    throw new LetiError('usage', lack(runner, `has no ${backend}: build it with it, or`))
  }
  if (threads > 1 && !flags.has('num_threads')) {
    throw new LetiError('usage', lack(runner, 'takes no number of threads:'))
  }
}

/** @throws {LetiError} `unsupported` where it does not time the operators one by one */
export function checkProfile(runner: Runner): void {
  const { generation, flags } = runner.tool
  if (flags.has(PROFILE[generation])) return
  throw new LetiError('unsupported', lack(runner, 'gives no profile (--profile):'))
}

function lack({ name, tool }: Runner, what: string): string {
  const subject = name === 'app' ? 'the benchmark app' : 'this benchmark_model'
  return `${subject} (${tool.generation}) ${what} use another`
}
