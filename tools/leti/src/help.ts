import { GROUPS } from './subcommands.js'

const INTRODUCTION = `leti COMMAND [options]

Predicts how long a neural network takes on a device. Commands read and write records, one JSON
object per line, and work in pipes. "leti COMMAND --help" shows the options and examples of one.`

const EXAMPLE = `Example:
  # Measure 60 networks on this computer and learn from them, then predict the latency of others
  leti nb101-sample -n 60 --seed 1 | leti device-run -d node | leti featurize |
    leti train > cpu.json
  leti nb101-sample -n 9 --seed 2 | leti featurize | leti predict --predictor cpu.json`

/** @param options yargs' help on the options of `leti` itself */
export function helpText(options: string): string {
  const groups = Object.entries(GROUPS).map(([title, commands]) => section(title, commands))
  const shell = section('Set up the shell', [
    { name: 'completion', summary: 'Prints a completion script for the shell.' },
  ])
  return [INTRODUCTION, ...groups, shell, options, EXAMPLE].join('\n\n')
}

function section(title: string, commands: readonly { name: string; summary: string }[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(15)}${summary}`)
  return [`${title}:`, ...lines].join('\n')
}
