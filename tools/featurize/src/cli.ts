import { DEFAULT_SETS, featurize, FEATURE_SETS } from '@leti/features'
import { eachRecord, listOption, runTool } from '@leti/pipe'
import { writeCsv } from './csv.js'

const options = {
  set: listOption('set', 'Sets of features', FEATURE_SETS, DEFAULT_SETS),
  csv: { type: 'boolean', default: false, describe: 'A table for spreadsheets and R' },
} as const

await runTool(import.meta.url, {
  name: 'featurize',
  summary: 'Turns networks into named numbers that predict their latency.',
  reads: 'id, arch',
  writes: 'features; with --csv a table: id, device, backend, latency_ms, features',
  examples: [
    ['nb101-sample -n 100 | featurize > cells.ndjson', 'All features of a hundred cells'],
    [
      'nb101-sample -n 100 | featurize --set proxies,cell --csv > cells.csv',
      'Proxies and structure as a table',
    ],
  ],
  options,
  takesFiles: true,
  run: async ({ set, csv, files }, io) => {
    if (csv) return writeCsv(io, files, set)
    await eachRecord(io, 'featurize', files, (record) => ({
      ...record,
      features: featurize(record, set),
    }))
  },
})
