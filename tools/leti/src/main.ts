import { runTool } from '@leti/pipe'
import { asSubcommand } from './as-subcommand.js'
import { runLeti } from './leti.js'
import { findSubcommand } from './subcommands.js'

async function main([name, ...args]: readonly string[]): Promise<void> {
  const subcommand = findSubcommand(name)
  if (!subcommand) return runLeti(process.argv.slice(2), import.meta.url)
  const { tool } = await subcommand.load()
  await runTool(asSubcommand(tool), { url: import.meta.url, command: `leti ${name}`, args })
}

void main(process.argv.slice(2))
