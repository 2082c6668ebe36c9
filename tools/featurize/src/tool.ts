import { DEFAULT_SETS, FEATURE_SETS } from '@leti/features/names'
import { RUNTIMES_WITH_RULES } from '@leti/network/names'
import { defineTool, listOption, numberOption } from '@leti/pipe'

const options = {
  set: listOption('set', 'Sets of features', FEATURE_SETS, DEFAULT_SETS),
  kernels: {
    type: 'boolean',
    default: false,
    describe: 'Also list the kernels of networks of search spaces',
  },
  fusion: {
    type: 'string',
    requiresArg: true,
    describe: `Fusion rules of the device: ${RUNTIMES_WITH_RULES.join(', ')}, or a file of fusion-probe`,
  },
  jobs: numberOption('jobs', 'Threads; by default one for each core', {
    min: 1,
    max: 256,
    integer: true,
  }),
  csv: { type: 'boolean', default: false, describe: 'A table for spreadsheets and R' },
} as const

export const tool = defineTool({
  name: 'featurize',
  summary: 'Turns networks into named numbers that predict their latency.',
  reads: 'id, arch',
  writes:
    'features, kernels, unknown; with --csv a table: id, device, backend, latency_ms, features',
  examples: [
    ['nb101-sample -n 100 | featurize > cells.ndjson', 'All features of a hundred cells'],
    [
      'nb101-sample -n 100 | featurize --set proxies,cell --csv > cells.csv',
      'Proxies and structure as a table',
    ],
    ["gen-model --zoo all | featurize | jq -c '.kernels[]'", 'The kernels of popular networks'],
  ],
  options,
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
