import type { MeasuringDevice } from '@leti/devices'
import { FUSION_HEAD, type FusionFile, type FusionTest } from '@leti/features'
import { defaultedNumberOption, defineTool, type Io } from '@leti/pipe'
import { asLetiError, LetiError } from '@leti/records'
import { operatorPair, zooPairs, type OperatorPair } from '@leti/spaces'
import { testPair } from './test-pair.js'

export const tool = defineTool({
  name: 'fusion-probe',
  summary: 'Finds out which pairs of operators a device fuses into one kernel.',
  reads: 'nothing',
  writes: 'one JSON document (no records), for featurize --fusion',
  examples: [
    [
      'fusion-probe --device node > rules.json',
      'The pairs that occur in popular networks, on this CPU',
    ],
    ['fusion-probe -d node --pairs conv2d+relu,add+relu | jq .pairs', 'Two pairs only'],
  ],
  options: {
    device: {
      type: 'string',
      alias: 'd',
      requiresArg: true,
      describe: 'Device to measure on; node and chromium need no definition',
    },
    devices: {
      type: 'string',
      requiresArg: true,
      describe:
        "File that defines devices [default: ./devices.yaml, else the one in the user's config directory]",
    },
    runtime: {
      type: 'string',
      requiresArg: true,
      describe: "Runtime, instead of the device's own",
    },
    backend: {
      type: 'string',
      requiresArg: true,
      describe: "Backend, instead of the device's own",
    },
    pairs: {
      type: 'string',
      requiresArg: true,
      describe: 'Pairs to test, such as conv2d+relu,conv2d+elu [default: those of the zoo]',
    },
    alpha: defaultedNumberOption(
      'alpha',
      "Share of the faster operator's time that fusion must save",
      0.5,
      { min: 0, max: 1 },
    ),
    'max-seconds': defaultedNumberOption(
      'max-seconds',
      'Longest time to repeat one network, in seconds',
      0.2,
      {
        min: 0,
      },
    ),
    timeout: defaultedNumberOption(
      'timeout',
      'Longest time for one network, in seconds; then its pair fails',
      120,
      {
        min: 0.001,
      },
    ),
  },
  takesFiles: false,
  async run(argv, io) {
    if (!argv.device) throw new LetiError('usage', '--device is missing')
    const chosen = chosenPairs(argv.pairs)
    // The device library takes longest to load, so it is loaded only when it is needed.
    const { adjustDevice, findDevice, loadDevices, MeasuringDevice } = await import('@leti/devices')
    const config = adjustDevice(findDevice(await loadDevices(argv.devices), argv.device), argv)
    const device = new MeasuringDevice(config, {
      precision: 0.01,
      maxSeconds: argv['max-seconds'],
      timeout: argv.timeout,
      profile: false,
      verify: false,
      samples: false,
      requireFullDelegation: false,
    })
    io.signal.addEventListener('abort', () => void device.close())
    try {
      // If the run was stopped before this listener was added, no event comes.
      if (io.signal.aborted) return
      await device.open()
      const pairs = await testPairs(chosen, device, argv.alpha, io)
      if (io.signal.aborted) return
      const { name, runtime, backend } = config
      const file = { ...FUSION_HEAD, device: name, runtime, backend, alpha: argv.alpha, pairs }
      await io.writeLine(JSON.stringify(file satisfies FusionFile, undefined, 2))
    } finally {
      await device.close()
    }
  },
})

async function testPairs(
  pairs: readonly OperatorPair[],
  device: MeasuringDevice,
  alpha: number,
  io: Io,
): Promise<FusionTest[]> {
  const progress = await io.progress('tested', pairs.length)
  const tests: FusionTest[] = []
  try {
    for (const pair of pairs) {
      const name = `${pair.first}+${pair.second}`
      try {
        const test = await testPair(pair, device, alpha)
        tests.push(test)
        if (test.fused === null)
          io.fail(name, 'undecided: its rounds contradict each other; test it again with --pairs')
      } catch (error) {
        const known = asLetiError(error)
        if (io.signal.aborted) break
        if (!known || known.code === 'usage') throw error
        io.fail(name, known.message)
      }
      progress.tick(name)
    }
  } finally {
    progress.stop()
  }
  return tests
}

/** @throws {LetiError} `usage` if a pair is unknown */
function chosenPairs(names: string | undefined): OperatorPair[] {
  if (names === undefined) return zooPairs()
  return names.split(',').map((name) => {
    const [first, second = '', ...more] = name.trim().split('+')
    const pair = more.length ? undefined : operatorPair(first, second)
    if (pair) return pair
    throw new LetiError('usage', `--pairs: unknown pair "${name}"; a pair looks like conv2d+relu`)
  })
}
