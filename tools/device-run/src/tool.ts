import { RUNTIMES } from '@leti/devices/runtimes'
import { USUAL } from '@leti/devices/usual'
import {
  defaultedNumberOption,
  defineTool,
  numberOption,
  optionalChoiceOption,
  SEED_RANGE,
} from '@leti/pipe'
import { LetiError } from '@leti/records'

const options = {
  device: {
    type: 'string',
    alias: 'd',
    requiresArg: true,
    describe:
      'Devices to measure on, separated by commas; node, chromium and web need no definition',
  },
  share: {
    type: 'boolean',
    default: false,
    describe: 'Measure each record on one of the devices, the first that is free, not on each',
  },
  devices: {
    type: 'string',
    requiresArg: true,
    describe:
      "File that defines devices [default: ./devices.yaml, else the one in the user's config directory]",
  },
  list: { type: 'boolean', default: false, describe: 'List the devices and their state' },
  runtime: {
    type: 'string',
    requiresArg: true,
    describe: `Runtime (${Object.keys(RUNTIMES).join(', ')}), instead of the device's own`,
  },
  backend: { type: 'string', requiresArg: true, describe: "Backend, instead of the device's own" },
  threads: numberOption('threads', 'Threads of the wasm backend, or of TFLite', {
    min: 1,
    integer: true,
  }),
  clock: optionalChoiceOption(
    'clock',
    'Time runs on node by the wall clock or by CPU time, for machines that others share (default: wall)',
    ['wall', 'cpu'],
  ),
  listen: {
    type: 'string',
    requiresArg: true,
    describe:
      'Address of this computer, with or without a port, where browsers join a web device (default: this computer only)',
  },
  cert: {
    type: 'string',
    requiresArg: true,
    describe:
      "PEM file of a web device's certificate, such as mkcert's (default: made on the spot)",
  },
  key: { type: 'string', requiresArg: true, describe: 'PEM file of the private key of --cert' },
  precision: numberOption(
    'precision',
    "Half-width of the median's 95% confidence interval to reach in each visit, relative to the median " +
      `(default: ${USUAL.precision}; later visits are then as long as pays)`,
    { min: 0.0001, max: 1 },
  ),
  'max-seconds': defaultedNumberOption(
    'max-seconds',
    'Longest time to repeat one network, in seconds',
    USUAL.maxSeconds,
    { min: 0 },
  ),
  timeout: defaultedNumberOption(
    'timeout',
    'Longest time for one network, in seconds; then it fails',
    USUAL.timeout,
    {
      min: 0.001,
    },
  ),
  visits: defaultedNumberOption(
    'visits',
    'Times to measure each network, far apart and in random orders, a record each: 2 take twice as ' +
      'long as 1; with 1, nothing tells how much the device drifts',
    1,
    { min: 1, max: 1000, integer: true },
  ),
  seed: defaultedNumberOption('seed', 'Seed of the random orders of --visits', 0, SEED_RANGE),
  samples: { type: 'boolean', default: false, describe: 'Write every sample' },
  cooldown: numberOption(
    'cooldown',
    'Longest wait for a hot phone to cool before each network, in seconds',
    { min: 0 },
  ),
  'fixed-performance': {
    type: 'boolean',
    default: true,
    describe: 'Let a phone hold its clocks; --no-fixed-performance leaves them alone',
  },
  'require-full-delegation': {
    type: 'boolean',
    default: false,
    describe: 'Fail a model if the GPU or delegate does not run all of it',
  },
  profile: { type: 'boolean', default: false, describe: 'Also time the kernels one by one' },
  verify: {
    type: 'boolean',
    default: true,
    describe: 'Check the outputs against a CPU reference; --no-verify turns it off',
  },
  resume: {
    type: 'string',
    requiresArg: true,
    describe: 'Skip what this output of an earlier run has measured, and repair its last line',
  },
  lock: {
    type: 'boolean',
    default: true,
    describe: 'Wait while another run measures on the same machine; --no-lock turns it off',
  },
} as const

export const tool = defineTool({
  name: 'device-run',
  summary: 'Measures the latency of networks on a device.',
  reads: 'id, arch or model (path); a record with an error passes unchanged',
  writes: 'model, measurement; error if the network could not be measured',
  examples: [
    ['nb101-sample -n 10 | device-run --device node', 'Ten cells on this CPU'],
    [
      'nb101-sample -n 10 | device-run -d chromium --backend webgpu --profile',
      "Ten cells on the browser's GPU, kernel by kernel",
    ],
    [
      'nb101-sample -n 500 | device-run --device pixel --cooldown 300',
      'Cells on a phone that devices.yaml defines; waits whenever it is hot',
    ],
    [
      'nb101-sample -n 50 | device-run --device web --backend webgpu --listen 192.168.1.20',
      'Cells on any phone or tablet that opens the link which is shown',
    ],
    [
      'device-run -d node --visits 2 cells.ndjson | detrend > measured.ndjson',
      'Each cell twice, far apart; the drift of the device is taken out',
    ],
    [
      'nb101-sample -n 500 | device-run -d node --resume out.ndjson >> out.ndjson',
      'Continue a run that was killed',
    ],
  ],
  options,
  takesFiles: true,
  run: async (argv, io) => {
    // The device library takes longest to load, so it is loaded only when it is needed.
    if (argv.list) {
      const { listDevices } = await import('./list.js')
      return listDevices(argv.devices, io)
    }
    if (!argv.device) throw new LetiError('usage', '--device is missing; --list shows the devices')
    const { adjustDevice, findDevice, loadDevices } = await import('@leti/devices')
    const devices = await loadDevices(argv.devices)
    const names = new Set(argv.device.split(',').map((name) => name.trim()))
    const configs = [...names].map((name) => adjustDevice(findDevice(devices, name), argv))
    const { timeout, samples, profile, verify, cooldown, resume, lock, visits, seed, share } = argv
    const measuring = {
      precision: argv.precision ?? USUAL.precision,
      maxSeconds: argv['max-seconds'],
      timeout,
      samples,
      profile,
      verify,
      cooldown,
      fixedPerformance: argv['fixed-performance'],
      requireFullDelegation: argv['require-full-delegation'],
      say: (text: string) => io.ask(text),
    }
    const { measureRecords } = await import('./run.js')
    const planned = argv.precision === undefined
    await measureRecords(io, argv.files, configs, measuring, {
      resume,
      lock,
      share,
      visits,
      seed,
      planned,
    })
  },
})
