// A load that comes and goes: busy for 3 to 15 s, then idle for as long. Its times are always the same.
import { setTimeout as sleep } from 'node:timers/promises'
import { Dice } from '../../fuzz/dice.js'

const dice = new Dice('load')
const milliseconds = () => 3000 + dice.below(12_000)

// It ends with the bench, even if that is killed.
const parent = process.ppid
while (process.ppid === parent) {
  const end = performance.now() + milliseconds()
  while (performance.now() < end);
  await sleep(milliseconds())
}
