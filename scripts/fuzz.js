// Damages input at random and looks for what LETI must never do: a stack trace, a hang, too much memory, an
// exit code outside of the contract, control characters on stderr, output that the next tool refuses. What
// counts is at the head of each file in scripts/fuzz/. Each finding is printed with the options that repeat
// it; its file is kept then. The tools must be built.
//
//   node scripts/fuzz.js models|records|predictors|devices [--seconds 600] [--seed N]
//   node scripts/fuzz.js records --seed N --case N
//   node scripts/fuzz.js models [--input-shape 1,3,224,224] FILE ...      other model files
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { devices } from './fuzz/devices.js'
import { models } from './fuzz/models.js'
import { predictors } from './fuzz/predictors.js'
import { records } from './fuzz/records.js'

const SUBJECTS = { models, records, predictors, devices }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    'input-shape': { type: 'string' },
  },
})
const [subject, ...files] = positionals
if (!Object.hasOwn(SUBJECTS, subject ?? '')) {
  console.error(`name what to damage: ${Object.keys(SUBJECTS).join(', ')}`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'leti-fuzz-'))
const { seed } = values
const shape = values['input-shape']?.split(',').map(Number)
const fuzzer = await SUBJECTS[subject]({ folder, seed, limitMs: 10_000, files, shape })
const start = performance.now()
const elapsed = () => (performance.now() - start) / 1000
if (values.case === undefined) await fuzz()
else await replay(Number(values.case))
await fuzzer.close()

async function fuzz() {
  const counts = {}
  let cases = 0
  for (; elapsed() < Number(values.seconds); cases++) {
    const { code, thrown } = await fuzzer.run(cases)
    counts[code] = (counts[code] ?? 0) + 1
    if (code === 'finding') console.log(`${subject} --seed ${seed} --case ${cases}\n${thrown}\n`)
  }
  rmSync(folder, { recursive: true })
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  const outcomes = Object.entries(counts).map(([code, count]) => `${count} ${code}`)
  const { finding = 0 } = counts
  console.log(
    `${subject}: ${cases} cases in ${elapsed().toFixed(0)} s, peak ${peak} MiB, findings: ${finding} (${outcomes.join(', ')})`,
  )
  if (finding > 0) process.exitCode = 1
}

async function replay(number) {
  const { code, thrown = '' } = await fuzzer.run(number)
  console.log(`${code}; the file is in ${folder}\n${thrown}`)
  if (code === 'finding') process.exitCode = 1
}
