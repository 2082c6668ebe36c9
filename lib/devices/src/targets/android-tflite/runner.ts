import type { Tool } from './command.js'

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
