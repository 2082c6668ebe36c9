import { choiceOption, defineTool } from '@leti/pipe'
import { SOURCE_NAMES } from './names.js'

export const tool = defineTool({
  name: 'import-results',
  summary: 'Turns latencies that others measured into records.',
  reads: 'no records: output of benchmark_model, the README of ncnn, perf.yaml of AI Hub, or CSV',
  writes: 'id, arch where the results say it, measurement',
  examples: [
    [
      'import-results --from ncnn README.md | featurize | report > report.html',
      'Popular networks on many boards',
    ],
    [
      'import-results --columns id=arch,latency_ms=lat --set device=pixel3 table.csv',
      'A table of your own',
    ],
  ],
  options: {
    from: choiceOption('from', `Format: ${SOURCE_NAMES.join(', ')}`, SOURCE_NAMES, 'csv'),
    columns: {
      type: 'string',
      requiresArg: true,
      describe: 'Members of a record and the columns of the CSV file: id=arch,latency_ms=lat',
    },
    set: {
      type: 'string',
      requiresArg: true,
      describe: 'Members that all records get: device=pixel3,threads=4',
    },
  },
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
