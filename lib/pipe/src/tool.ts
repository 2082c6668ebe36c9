import { readFileSync } from 'node:fs'
import { LetiError } from '@leti/records'
import yargs, { type Argv, type InferredOptionTypes, type Options } from 'yargs'
import { EXIT } from './exit.js'
import type { Io } from './io.js'
import { runProcess } from './process.js'
import type { Stop } from './stop.js'

/** A command-line tool: the texts of its --help, its options, and the function that runs it. */
export interface Tool<O extends Record<string, Options> = Record<string, Options>> {
  readonly name: string
  /** What the tool does, in one line. */
  readonly summary: string
  /** The members of a record that it reads. */
  readonly reads: string
  /** The members of a record that it writes. */
  readonly writes: string
  readonly examples: readonly (readonly [command: string, what: string])[]
  readonly options: O
  /** Whether it takes file arguments; without any, it reads stdin. */
  readonly takesFiles: boolean
  /** Whether a signal ends it at once, since it computes without pause and writes only at its end. */
  readonly endsAtOnce?: boolean
  run(options: InferredOptionTypes<O> & CommonOptions, io: Io): Promise<void>
}

export interface CommonOptions {
  readonly files: readonly string[]
  readonly quiet: boolean
}

/** Columns of the help. */
const WIDTH = 100

const COMMON = {
  strict: { type: 'boolean', default: false, describe: 'Stop at the first bad line or record' },
  quiet: { type: 'boolean', default: false, alias: 'q', describe: 'Errors only on stderr' },
  verbose: {
    type: 'boolean',
    default: false,
    describe: 'Report each bad line and record, not only the first of each kind',
  },
} as const

/** Types the argument of `run` by the tool's options. */
export function defineTool<O extends Record<string, Options>>(tool: Tool<O>): Tool {
  return tool
}

export interface Invocation {
  /** `import.meta.url` of the program's entry: its version stands in `../package.json`. */
  readonly url: string
  /** The command as the user types it, such as `leti train`; the tool's name by default. */
  readonly command?: string
  /** The arguments after the command; those of the process by default. */
  readonly args?: readonly string[]
}

/** Runs a tool on the process's streams and sets the exit code of the process. */
export async function runTool(tool: Tool, invocation: Invocation): Promise<void> {
  const { command = tool.name } = invocation
  const run = async (stop: Stop): Promise<number> => {
    const options = await parse(tool, invocation)
    if (!options) return EXIT.ok
    const { strict, quiet, verbose } = options
    // Loaded when the tool runs: --help needs no streams.
    const { Io } = await import('./io.js')
    const io = new Io({ tool: command, name: tool.name, quiet, strict, verbose }, stop)
    try {
      await tool.run(options, io)
    } finally {
      await io.end()
    }
    return io.failed ? EXIT.failed : EXIT.ok
  }
  await runProcess(command, run, tool.endsAtOnce)
}

/** The options of a tool: its own and those that all tools share. */
export function optionsOf(tool: Tool): Record<string, Options> {
  return { ...tool.options, ...COMMON }
}

/** Texts of yargs that name an option as it is typed. Its types know no plural. */
const STRINGS = {
  'Missing required argument: %s': { one: '--%s is missing', other: 'missing options: %s' },
} as unknown as Record<string, string>

/** The options; `undefined` after `--help` or `--version`. */
async function parse(tool: Tool, invocation: Invocation) {
  const { url, command = tool.name, args = process.argv.slice(2) } = invocation
  const usage = tool.takesFiles ? '$0 [options] [file..]' : '$0 [options]'
  const parser: Argv = yargs(args)
    .scriptName(command)
    .locale('en')
    .updateStrings(STRINGS)
    .usage(`${usage}\n\n${tool.summary}`)
    .options(optionsOf(tool))
    .epilogue(`Reads:  ${tool.reads}\nWrites: ${tool.writes}\n\nExamples:\n${examplesOf(tool)}`)
    .version(versionOf(url))
    .alias('help', 'h')
    .wrap(WIDTH)
    .strictOptions()
    .parserConfiguration({
      'duplicate-arguments-array': Object.values(tool.options).some(({ array }) => array),
      'greedy-arrays': false,
      'boolean-negation': true,
    })
    .demandCommand(0, tool.takesFiles ? Infinity : 0, '', 'this tool takes no file arguments')
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new LetiError('usage', message ?? 'wrong usage')
    })
  const argv = await parser.parseAsync()
  if (argv.help || argv.version) return undefined
  const options = { ...argv, files: argv._.map(String) }
  return options as unknown as InferredOptionTypes<Tool['options'] & typeof COMMON> & CommonOptions
}

/** Each under a comment that says what it does, in a form that can be pasted into a shell. */
function examplesOf({ examples }: Tool): string {
  return examples.map(([command, what]) => `  # ${what}\n  ${folded(command)}`).join('\n')
}

/** A pipe too long for the width of the help, continued on the next line after its last `|` that fits. */
function folded(command: string): string {
  if (command.length <= WIDTH - 2) return command
  const end = command.lastIndexOf(' | ', WIDTH - 4) + 2
  return `${command.slice(0, end)}\n    ${command.slice(end + 1)}`
}

/** @param url `import.meta.url` of a program's entry: the version stands in `../package.json` */
export function versionOf(url: string): string {
  const file = readFileSync(new URL('../package.json', url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
