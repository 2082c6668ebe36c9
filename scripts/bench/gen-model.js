// Measures how many models gen-model writes per second, compared with copying the same files. Files of the
// published configuration hold mostly weights; files of small networks hold mostly the graph. Then compares with Keras
// and TFLiteConverter on a few cells, where $PYTHON, or python3, has TensorFlow.
//
//   node scripts/bench/gen-model.js [--peer] [--cells 5]
//
// --peer leaves out all but Keras.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRecords } from '../read-records.js'
import { convertCells, hasTensorflow } from './keras-peer.js'
import { runLine, timedLine } from './run-line.js'

const SIZES = [
  { name: 'published configuration', models: 50, options: '' },
  { name: '--stem-filter-size 4', models: 400, options: '--stem-filter-size 4' },
]

/** How often gen-model writes each cell that the peer writes once: it starts and warms up in the time of a few. */
const ROUNDS = 12

const { values } = parseArgs({
  options: { peer: { type: 'boolean' }, cells: { type: 'string', default: '5' } },
})

if (!values.peer) await measureAll()
if (hasTensorflow()) await compareWithKeras(Number(values.cells))
else console.log('Keras: absent (pip install tensorflow; $PYTHON names the Python that has it)')

async function measureAll() {
  for (const format of ['tflite', 'tflite --weights float16', 'tfjs']) {
    console.log(`gen-model --format ${format}`)
    for (const size of SIZES) console.log(`  ${size.name}: ${await measure(format, size)}`)
  }
}

/** The same cells, drawn at random, of the published configuration. */
async function compareWithKeras(cells) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  try {
    const [drawn, many] = [`${folder}/cells.ndjson`, `${folder}/many.ndjson`]
    await runLine(`nb101-sample -n ${cells} > ${drawn}`)
    const records = await readRecords(drawn)
    const repeated = Array.from({ length: ROUNDS }, (_, round) =>
      records.map((record) => JSON.stringify({ ...record, id: `${record.id}-${round}` })),
    )
    writeFileSync(many, repeated.flat().join('\n'))
    const line = (input) =>
      `gen-model --format tflite --out ${folder}/models < ${input} > ${folder}/models.ndjson`
    const start = timedLine('gen-model < /dev/null')
    const own = timedLine(line(many))
    const written = await readRecords(`${folder}/models.ndjson`)
    const keras = convertCells(records, `${folder}/keras.tflite`)
    checkSame(written, keras)
    const mean = (of) => keras.reduce((sum, one) => sum + one[of], 0) / keras.length
    for (const [clock, of] of [
      ['by the clock', 'seconds'],
      ['of CPU', 'cpu_seconds'],
    ]) {
      const ours = (own[of] - start[of]) / written.length
      console.log(
        `seconds ${clock} a model: Keras ${mean(of).toFixed(2)} (${mean(`build_${of}`).toFixed(2)} of them to build it), ` +
          `gen-model ${ours.toFixed(4)}: ${(mean(of) / ours).toFixed(0)} times`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The networks are the same if they have as many parameters; a converter may store a few bytes more of a graph. */
function checkSame(written, keras) {
  keras.forEach(({ parameters, bytes }, i) => {
    const { id, model } = written[i]
    const megabytes = (bytes / 1e6).toFixed(2)
    console.log(`  ${id}: ${megabytes} MB of Keras, ${(model.bytes / 1e6).toFixed(2)} MB`)
    if (parameters === model.parameters && Math.abs(bytes / model.bytes - 1) < 0.02) return
    throw new Error(`${id}: Keras has ${parameters} parameters and not ${model.parameters}`)
  })
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
