// How long each tool takes to show its help, beside bare Node.
import { readdirSync } from 'node:fs'
import { medianSeconds } from './run-line.js'

const RUNS = 20

const node = await medianSeconds('node -e 0', RUNS)
console.log(`start-up, x bare Node (${(1000 * node).toFixed(0)} ms)`)
for (const tool of readdirSync('tools')) {
  const seconds = await medianSeconds(`${tool} --help`, RUNS)
  console.log(`  ${tool.padEnd(14)} ${(seconds / node).toFixed(2)}x`)
}
