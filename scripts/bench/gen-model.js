// Models per second of gen-model, beside the plain copying of the same bytes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runLine } from './run-line.js'

const MODELS = 50
const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const write = await runLine(`nb101-sample -n ${MODELS} | gen-model --out ${folder}/models | cat`)
const copy = await runLine(`cp -r ${folder}/models ${folder}/copy`)
rmSync(folder, { recursive: true })

const rate = (MODELS / write.seconds).toFixed(1)
const ratio = (write.seconds / copy.seconds).toFixed(1)
console.log('gen-model --format tfjs, published configuration')
console.log(
  `  ${MODELS} models in ${write.seconds.toFixed(2)} s: ${rate} models/s, ` +
    `${ratio}x the time of copying their files, ${write.peaks.get('gen-model')} MiB`,
)
