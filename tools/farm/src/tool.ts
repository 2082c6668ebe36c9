import { USUAL } from '@leti/devices/usual'
import { defaultedNumberOption, defineTool } from '@leti/pipe'
import { LetiError } from '@leti/records'

/** Options of a verb, under its name in the help. */
const SUBMIT = 'farm submit:'
const WORK = 'farm work:'
const COLLECT = 'farm collect:'
const STATUS = 'farm status:'

const options = {
  queue: {
    type: 'string',
    requiresArg: true,
    describe:
      'Address of the Redis, such as redis://host:6379 [default: $LETI_QUEUE, else redis://127.0.0.1:6379]',
  },
  volatile: {
    type: 'boolean',
    default: false,
    describe: 'Accept a Redis that may lose jobs and results',
  },
  device: {
    type: 'string',
    alias: 'd',
    requiresArg: true,
    describe:
      'Devices, separated by commas: submit measures each record on each; work serves those [default of work: all of devices.yaml]',
  },
  pool: {
    type: 'string',
    requiresArg: true,
    describe: 'Phones of one model that share the visits, as one device: pixel8=pixel-a,pixel-b',
    group: SUBMIT,
  },
  models: {
    type: 'string',
    requiresArg: true,
    describe:
      'Folder of model files by digest: submit puts them there, models serves it; work reads it, or the address of models [default of work: $LETI_MODELS]',
  },
  resume: {
    type: 'string',
    requiresArg: true,
    describe:
      'The output of collect so far: submit skips what it has; collect too, and repairs its last line',
  },
  visit: {
    ...defaultedNumberOption(
      'visit',
      'Which measurement of each network this is: submit again with 2 to measure each twice',
      1,
      { min: 1, max: 1000, integer: true },
    ),
    group: SUBMIT,
  },
  precision: {
    ...defaultedNumberOption('precision', 'As of device-run', USUAL.precision, {
      min: 0.0001,
      max: 1,
    }),
    group: SUBMIT,
  },
  'max-seconds': {
    ...defaultedNumberOption('max-seconds', 'As of device-run', USUAL.maxSeconds, {
      min: 0,
      max: 86_400,
    }),
    group: SUBMIT,
  },
  timeout: {
    ...defaultedNumberOption('timeout', 'As of device-run', USUAL.timeout, {
      min: 0.001,
      max: 86_400,
    }),
    group: SUBMIT,
  },
  verify: {
    type: 'boolean',
    default: true,
    describe: 'As of device-run; --no-verify turns it off',
    group: SUBMIT,
  },
  samples: { type: 'boolean', default: false, describe: 'As of device-run', group: SUBMIT },
  'require-full-delegation': {
    type: 'boolean',
    default: false,
    describe: 'As of device-run',
    group: SUBMIT,
  },
  devices: {
    type: 'string',
    requiresArg: true,
    describe: 'File that defines devices, as of device-run',
    group: WORK,
  },
  listen: {
    type: 'string',
    requiresArg: true,
    describe:
      'work: as of device-run, for the web devices among them; models: where to serve [default: 127.0.0.1:8378]',
  },
  cert: {
    type: 'string',
    requiresArg: true,
    describe: 'PEM file of a certificate: work: of web devices; models: for HTTPS',
  },
  key: { type: 'string', requiresArg: true, describe: 'PEM file of the private key of --cert' },
  follow: {
    type: 'boolean',
    default: false,
    describe: 'Wait for more when everything that was submitted is there',
    group: COLLECT,
  },
  json: { type: 'boolean', default: false, describe: 'One line of JSON', group: STATUS },
  watch: { type: 'boolean', default: false, describe: 'Again every 2 seconds', group: STATUS },
} as const

/** The options that a verb takes, beside those of all. */
const VERBS: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  submit: [
    'device',
    'pool',
    'models',
    'resume',
    'visit',
    'precision',
    'max-seconds',
    'timeout',
    'verify',
    'samples',
    'require-full-delegation',
  ],
  work: ['device', 'devices', 'models', 'listen', 'cert', 'key'],
  models: ['models', 'listen', 'cert', 'key'],
  collect: ['resume', 'follow'],
  status: ['json', 'watch'],
}

const SHARED = ['queue', 'volatile']

export const tool = defineTool({
  name: 'farm',
  summary: 'Measures on the devices of several hosts: submit, work, models, collect, status.',
  reads: 'submit: id, arch or model (path)',
  writes: 'collect: model, measurement and farm (job, host); error if the network was not measured',
  examples: [
    [
      'nb101-sample -n 500 | farm submit -d pixel,galaxy --queue redis://lab',
      'Cells for two phones, whichever hosts have them',
    ],
    ['farm work --queue redis://lab', 'Measure on the devices of this host, until Ctrl-C'],
    [
      'farm collect --queue redis://lab --resume out.ndjson >> out.ndjson',
      'The results, each once, also after this or anything else was killed',
    ],
    ['farm status --queue redis://lab', 'Devices, hosts, counts and the time left'],
  ],
  options,
  takesFiles: true,
  run: async (argv, io) => {
    const [verb = '', ...files] = argv.files
    checkVerb(verb, files, { ...argv })
    const queue = argv.queue ?? process.env.LETI_QUEUE ?? 'redis://127.0.0.1:6379'
    const farm = { url: queue, isVolatile: argv.volatile }
    if (verb === 'submit') {
      const { submit } = await import('./submit.js')
      const protocol = {
        precision: argv.precision,
        max_seconds: argv['max-seconds'],
        timeout: argv.timeout,
        verify: argv.verify,
        samples: argv.samples,
        full_delegation: argv['require-full-delegation'],
      }
      const { device, pool, models, resume, visit } = argv
      await submit(io, files, farm, { device, pool, models, resume, visit, protocol })
    } else if (verb === 'work') {
      const { workOn } = await import('./work.js')
      await workOn(io, farm, argv)
    } else if (verb === 'models') {
      const { serveFolder } = await import('./models.js')
      await serveFolder(io, argv)
    } else if (verb === 'collect') {
      const { collect } = await import('./collect.js')
      await collect(io, farm, argv)
    } else {
      const { status } = await import('./status.js')
      await status(io, farm, argv)
    }
  },
})

/** Refuses an unknown verb, and options that the verb would ignore. */
function checkVerb(
  verb: string,
  files: readonly string[],
  argv: Readonly<Record<string, unknown>>,
): void {
  if (!Object.hasOwn(VERBS, verb)) {
    const known = Object.keys(VERBS).join(', ')
    const problem = verb ? `unknown "${verb}"` : 'what to do is missing'
    throw new LetiError('usage', `${problem}; known: ${known}`)
  }
  if (verb !== 'submit' && files.length) {
    throw new LetiError('usage', `farm ${verb} takes no file arguments`)
  }
  const taken: readonly string[] = [...VERBS[verb], ...SHARED]
  for (const [name, option] of Object.entries(options)) {
    const fallback = 'default' in option ? option.default : undefined
    if (taken.includes(name) || argv[name] === fallback) continue
    throw new LetiError('usage', `--${name} has no effect on farm ${verb}`)
  }
}
