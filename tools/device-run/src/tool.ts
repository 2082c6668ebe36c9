import { RUNTIMES } from '@leti/devices/runtimes'
import { defaultedNumberOption, defineTool, numberOption } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { readMeasured } from './resume.js'

const options = {
  device: {
    type: 'string',
    alias: 'd',
    requiresArg: true,
    describe: 'Devices to measure on, separated by commas; node and chromium need no definition',
  },
  devices: {
    type: 'string',
    requiresArg: true,
    describe: "File that defines devices [default: ./devices.yaml, else the user's own]",
  },
  list: { type: 'boolean', default: false, describe: 'Show the devices and their state' },
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
  precision: defaultedNumberOption(
    'precision',
    "Half-width of the median's 95% interval to reach, relative to the median",
    0.02,
    { min: 0.0001, max: 1 },
  ),
  'max-seconds': defaultedNumberOption(
    'max-seconds',
    'Time for the repetitions of one network',
    10,
    { min: 0 },
  ),
  timeout: defaultedNumberOption('timeout', 'Seconds after which a network is given up', 120, {
    min: 0.001,
  }),
  samples: { type: 'boolean', default: false, describe: 'Keep every sample' },
  cooldown: numberOption(
    'cooldown',
    'Seconds to wait, before each network, for a hot phone to cool',
    { min: 0 },
  ),
  'require-full-delegation': {
    type: 'boolean',
    default: false,
    describe: 'Refuse a model of which a part does not run on the GPU or delegate asked for',
  },
  profile: { type: 'boolean', default: false, describe: 'Time the kernels one by one too' },
  verify: {
    type: 'boolean',
    default: true,
    describe: 'Check the outputs against a CPU reference (--no-verify: do not)',
  },
  resume: {
    type: 'string',
    requiresArg: true,
    describe: 'Skip what this file of an earlier run has measured, and mend its last line',
  },
} as const

export const tool = defineTool({
  name: 'device-run',
  summary: 'Measures the latency of networks on a device.',
  reads: 'id, arch or model (path); a record with an error passes untouched',
  writes: 'model, measurement; error where a network could not be measured',
  examples: [
    ['nb101-sample -n 10 | device-run --device node', 'Ten cells on this CPU'],
    [
      'nb101-sample -n 10 | device-run -d chromium --backend webgpu --profile',
      "Ten cells on the browser's GPU, kernel by kernel",
    ],
    [
      'nb101-sample -n 500 | device-run --device pixel --cooldown 300',
      'Cells on a phone that devices.yaml names, never while it is hot',
    ],
    [
      'nb101-sample -n 500 | device-run -d node --resume out.ndjson >> out.ndjson',
      'Goes on after a kill where the last run ended',
    ],
  ],
  options,
  takesFiles: true,
  run: async (argv, io) => {
    // What measures takes longer to load than all else here: it is loaded once it is needed.
    if (argv.list) {
      const { listDevices } = await import('./list.js')
      return listDevices(argv.devices, io)
    }
    if (!argv.device) throw new LetiError('usage', '--device is missing; --list shows the devices')
    const { adjustDevice, findDevice, loadDevices } = await import('@leti/devices')
    const devices = await loadDevices(argv.devices)
    const names = new Set(argv.device.split(',').map((name) => name.trim()))
    const configs = [...names].map((name) => adjustDevice(findDevice(devices, name), argv))
    const measured = argv.resume ? await readMeasured(argv.resume) : new Set<string>()
    const { precision, timeout, samples, profile, verify, cooldown } = argv
    const measuring = {
      precision,
      maxSeconds: argv['max-seconds'],
      timeout,
      samples,
      profile,
      verify,
      cooldown,
      requireFullDelegation: argv['require-full-delegation'],
    }
    const { measureRecords } = await import('./run.js')
    await measureRecords(io, argv.files, configs, measuring, measured)
  },
})
