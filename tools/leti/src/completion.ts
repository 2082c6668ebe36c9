import { optionsOf } from '@leti/pipe'
import yargs, { type Argv, type Options } from 'yargs'
import { OPTIONS } from './options.js'
import { findSubcommand, SUBCOMMANDS } from './subcommands.js'

/** The option by which the completion script asks for candidates. */
const ASK = '--get-yargs-completions'

/** Whether the arguments ask for the completion script, or come from it. */
export function isCompletion([first]: readonly string[]): boolean {
  return first === 'completion' || first === ASK
}

/**
 * Prints the completion script, or the candidates for the words that follow `ASK`: `leti`, the
 * command's name and the rest that the user has typed.
 */
export async function complete(args: readonly string[]): Promise<void> {
  const typed = args[0] === ASK ? findSubcommand(args[2]) : undefined
  const options = typed && optionsOf((await typed.load()).tool)
  const parser: Argv = yargs(args)
    .scriptName('leti')
    .locale('en')
    .help(false)
    .version(false)
    .completion('completion', 'Prints a completion script for the shell.')
  addOptions(parser, OPTIONS)
  for (const { name, summary } of SUBCOMMANDS) {
    parser.command(name, summary, (command) => addOptions(command, options ?? {}))
  }
  await parser.parseAsync()
}

/** Adds options without their checks: the words on the command line may not be complete yet. */
function addOptions(parser: Argv, options: Readonly<Record<string, Options>>): Argv {
  for (const [name, { type, describe }] of Object.entries(options)) {
    parser.option(name, { type, describe })
  }
  return parser
}
