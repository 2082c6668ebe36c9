import type { Tool } from '@leti/pipe'
import { SUBCOMMANDS } from './subcommands.js'

/** A tool's name at the beginning of a command in a pipe. */
const TOOL_NAME = new RegExp(
  `(^|\\| )(${SUBCOMMANDS.map(({ name }) => name).join('|')})(?= |$)`,
  'g',
)

/** The same tool, its examples with `leti` before each tool's name. */
export function asSubcommand(tool: Tool): Tool {
  const examples = tool.examples.map(
    ([line, what]) => [line.replace(TOOL_NAME, '$1leti $2'), what] as const,
  )
  return { ...tool, examples }
}
