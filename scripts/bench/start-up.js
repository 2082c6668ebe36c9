// Times `--help` of each tool, alone and through `leti`, relative to bare Node. The commands take turns, so
// that what else the machine does affects all alike.
import { readdirSync } from 'node:fs'
import { runLine } from './run-line.js'

const RUNS = 20

const tools = readdirSync('tools')
const others = tools.filter((tool) => tool !== 'leti')
const lines = ['node -e 0', ...tools, ...others.map((tool) => `leti ${tool}`)].map((command) =>
  command.startsWith('node') ? command : `${command} --help`,
)
const seconds = new Map(lines.map((line) => [line, []]))
for (let run = 0; run < RUNS; run++) {
  for (const line of lines) seconds.get(line).push((await runLine(line)).seconds)
}
const medianOf = (line) => seconds.get(line).sort((a, b) => a - b)[Math.floor(RUNS / 2)]

const node = medianOf('node -e 0')
const ratio = (line) => `${(medianOf(line) / node).toFixed(2)}x`.padStart(7)
console.log(`start-up, x bare Node (${(1000 * node).toFixed(0)} ms)`)
console.log('  tool            itself  through leti')
for (const tool of tools) {
  const through = tool === 'leti' ? '' : ratio(`leti ${tool} --help`)
  console.log(`  ${tool.padEnd(14)} ${ratio(`${tool} --help`)}       ${through}`)
}
