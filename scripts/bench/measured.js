// Compares the MACs proxy, the lookup table and `auto` on measured cells of NAS-Bench-101
// (fixtures/measured): 100 for training, the others for the test, mean of five random splits.
import './tools-on-path.js'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const folder = 'fixtures/measured'

for (const file of readdirSync(folder).filter((name) => /^nb101-.*\.ndjson$/.test(name))) {
  const line = `featurize ${folder}/${file} | evaluate --learning-curve 100 --model flops,lut,auto`
  console.log(file.replace('.ndjson', ''))
  console.log(execFileSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' }))
}
