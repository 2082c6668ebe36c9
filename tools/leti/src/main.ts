import { runTool } from '@leti/pipe'
import { asSubcommand } from './as-subcommand.js'
import { runLeti } from './leti.js'
import { findSubcommand } from './subcommands.js'

const [name, ...args] = process.argv.slice(2)
const subcommand = findSubcommand(name)
if (subcommand) {
  const { tool } = await subcommand.load()
  await runTool(asSubcommand(tool), { url: import.meta.url, command: `leti ${name}`, args })
} else {
  await runLeti(process.argv.slice(2), import.meta.url)
}
