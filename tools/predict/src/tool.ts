import { defaultedNumberOption, defineTool, eachRecordAdding } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { Report } from './report.js'

export const tool = defineTool({
  name: 'predict',
  summary: 'Predicts the latency of networks with a predictor that train made.',
  reads: 'features, arch.space; measurement.latency_ms with --report',
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
      describe: 'File that train wrote',
    },
    coverage: defaultedNumberOption(
      'coverage',
      'Share of latencies that the intervals contain',
      0.9,
      {
        min: 0.5,
        max: 0.99,
      },
    ),
    report: {
      type: 'boolean',
      default: false,
      describe: 'Write metrics over the measured records to stderr',
    },
  },
  takesFiles: true,
  async run({ files, predictor: file, report: wanted, coverage }, io) {
    const predictor = await readPredictor(file)
    const report = wanted ? new Report(predictor.file) : undefined
    await eachRecordAdding(io, 'predict', files, 'prediction', (record) => {
      const prediction = predictor.predict(record, coverage)
      report?.add(record, prediction)
      return prediction
    })
    if (report) io.print(report.text())
  },
})
