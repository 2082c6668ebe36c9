import { defineTool, statisticOption } from '@leti/pipe'

export const tool = defineTool({
  name: 'report',
  summary: 'Shows records and predictors as one page of plots and tables.',
  reads: 'measurement, prediction, features, model, arch: what is there decides which plots appear',
  writes: 'no records: one HTML file, which needs no other file and no network',
  examples: [
    ['report measured.ndjson > report.html', 'What was measured?'],
    [
      'featurize measured.ndjson | report --predictor p.json > report.html',
      'How accurate is the predictor, and where does it end?',
    ],
  ],
  options: {
    predictor: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Predictor file that judges the records of its device (may be repeated)',
    },
    title: {
      type: 'string',
      requiresArg: true,
      default: 'Latency report',
      describe: 'Title of the page',
    },
    figures: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for the plots as SVG and PNG files, for papers',
    },
    statistic: statisticOption('Statistic of the runs to show'),
  },
  takesFiles: true,
  endsAtOnce: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
