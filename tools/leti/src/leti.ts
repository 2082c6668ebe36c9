import { EXIT, runProcess, versionOf } from '@leti/pipe'
import { LetiError } from '@leti/records'
import yargs from 'yargs'
import { complete, isCompletion } from './completion.js'
import { helpText } from './help.js'
import { OPTIONS } from './options.js'
import { schemaText } from './schemas.js'
import { SUBCOMMANDS } from './subcommands.js'

/**
 * Runs `leti` without the name of a tool: `--help`, `--version`, `--schema`, `completion`.
 *
 * @param url `import.meta.url` of the program's entry, for its version
 */
export async function runLeti(args: readonly string[], url: string): Promise<void> {
  await runProcess('leti', async () => {
    if (isCompletion(args)) await complete(args)
    else console.log(await answer(args, url))
    return EXIT.ok
  })
}

async function answer(args: readonly string[], url: string): Promise<string> {
  const parser = yargs(args)
    .scriptName('leti')
    .locale('en')
    // The help of yargs cannot group commands.
    .help(false)
    .version(false)
    .options(OPTIONS)
    .wrap(100)
    .strictOptions()
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new LetiError('usage', message ?? 'wrong usage')
    })
  const argv = await parser.parseAsync()
  const isBare = argv._.length === 0
  if (isBare && argv.help) return helpText(await parser.getHelp())
  if (isBare && argv.version) return versionOf(url)
  if (isBare && argv.schema) return schemaText(argv.schema)
  const known = SUBCOMMANDS.map(({ name }) => name).join(', ')
  const wrong = isBare ? 'a command is missing' : `unknown command "${argv._[0]}"`
  throw new LetiError('usage', `${wrong}; known: ${known}`)
}
