// Times `--help` of each tool, alone and through `leti`, relative to bare Node.
import { readdirSync } from 'node:fs'
import { medianSeconds } from './run-line.js'

const RUNS = 20

const node = await medianSeconds('node -e 0', RUNS)
console.log(`start-up, x bare Node (${(1000 * node).toFixed(0)} ms)`)
console.log('  tool            itself  through leti')
for (const tool of readdirSync('tools')) {
  const seconds = [await medianSeconds(`${tool} --help`, RUNS)]
  if (tool !== 'leti') seconds.push(await medianSeconds(`leti ${tool} --help`, RUNS))
  const ratios = seconds.map((value) => `${(value / node).toFixed(2)}x`.padStart(7))
  console.log(`  ${tool.padEnd(14)} ${ratios.join('       ')}`)
}
