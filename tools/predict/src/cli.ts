import { readFile } from 'node:fs/promises'
import { defaultedNumberOption, eachRecord, runTool } from '@leti/pipe'
import { loadPredictor, type Predictor } from '@leti/predictors'
import { LetiError, messageOf } from '@leti/records'
import { Report } from './report.js'

await runTool(import.meta.url, {
  name: 'predict',
  summary: 'Predicts the latency of networks with a predictor that train made.',
  reads: 'features, arch.space; measurement.latency_ms.median with --report',
  writes: 'prediction (latency_ms, low_ms, high_ms, coverage, predictor)',
  examples: [
    ['nb101-sample -n 5 | featurize | predict --predictor predictor.json', 'Predict'],
    ['predict --predictor predictor.json --report measured.ndjson', 'Compare with measurements'],
  ],
  options: {
    predictor: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'The file that train wrote',
    },
    coverage: defaultedNumberOption('coverage', 'Share of latencies that intervals hold', 0.9, {
      min: 0.5,
      max: 0.99,
    }),
    report: {
      type: 'boolean',
      default: false,
      describe: 'Metrics on stderr over the records that are measured too',
    },
  },
  takesFiles: true,
  async run({ files, predictor: file, report: wanted, coverage }, io) {
    const predictor = await load(file)
    const report = wanted ? new Report(predictor.file) : undefined
    await eachRecord(io, 'predict', files, (record) => {
      const prediction = predictor.predict(record, coverage)
      report?.add(record, prediction)
      return { ...record, prediction }
    })
    if (report) io.print(report.text())
  },
})

async function load(file: string): Promise<Predictor> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LetiError('usage', `cannot read the predictor: ${messageOf(error)}`)
  })
  try {
    return loadPredictor(text)
  } catch (error) {
    throw new LetiError('usage', `${file} is no predictor: ${messageOf(error)}`)
  }
}
