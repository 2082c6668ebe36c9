// Measures how many models gen-model writes per second, compared with copying the same files. Files of the
// published configuration hold mostly weights; files of small networks hold mostly the graph.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRecords } from '../read-records.js'
import { runLine } from './run-line.js'

const SIZES = [
  { name: 'published configuration', models: 50, options: '' },
  { name: '--stem-filter-size 4', models: 400, options: '--stem-filter-size 4' },
]

for (const format of ['tflite', 'tflite --weights float16', 'tfjs']) {
  console.log(`gen-model --format ${format}`)
  for (const size of SIZES) console.log(`  ${size.name}: ${await measure(format, size)}`)
}

async function measure(format, { models, options }) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  try {
    const records = `${folder}/records.ndjson`
    await runLine(`nb101-sample -n ${models} ${options} > ${records}`)
    const start = await runLine('gen-model < /dev/null')
    const write = await runLine(
      `gen-model --format ${format} --out ${folder}/models < ${records} > ${folder}/models.ndjson`,
    )
    const copy = await runLine(`cp -r ${folder}/models ${folder}/copy`)
    const seconds = write.seconds - start.seconds
    const bytes = await totalBytes(`${folder}/models.ndjson`)
    return [
      `${models} models of ${(bytes / models / 1e6).toFixed(2)} MB in ${seconds.toFixed(2)} s`,
      `${(models / seconds).toFixed(1)} models/s`,
      `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
      `${(seconds / copy.seconds).toFixed(1)}x the time of copying their files`,
      `${write.peaks.get('gen-model')} MiB`,
    ].join(', ')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function totalBytes(file) {
  const records = await readRecords(file)
  return records.reduce((sum, { model }) => sum + model.bytes, 0)
}
