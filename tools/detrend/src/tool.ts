import { defineTool } from '@leti/pipe'

export const tool = defineTool({
  name: 'detrend',
  summary: 'Takes the drift of the device out of visits: one record per network.',
  reads: 'measurement (device, backend, latency_ms, started_at, samples_ms)',
  writes:
    'measurement (latency_ms, raw, quality), one record per network and setting; with --report a table',
  examples: [
    ['detrend monday.ndjson tuesday.ndjson > measured.ndjson', 'One record per network'],
    ['detrend --report visits.ndjson', 'How well do the visits agree?'],
  ],
  options: {
    report: {
      type: 'boolean',
      default: false,
      describe: 'How well the visits agree, as a table, instead of records',
    },
    json: { type: 'boolean', default: false, describe: 'With --report: JSON instead of the table' },
  },
  takesFiles: true,
  endsAtOnce: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
