import type { MeasuringDevice } from '@leti/devices'
import { FUSION_HEAD, type FusionFile, type FusionTest } from '@leti/features'
import { defaultedNumberOption, defineTool, type Io } from '@leti/pipe'
import { asLetiError, LetiError } from '@leti/records'
import { operatorPair, zooPairs, type OperatorPair } from '@leti/spaces'
import { testPair } from './test-pair.js'

export const tool = defineTool({
  name: 'fusion-probe',
  summary: 'Finds out which pairs of operators a device runs as one.',
  reads: 'nothing',
  writes: 'no records: one JSON document, for featurize --fusion',
  examples: [
    ['fusion-probe --device node > rules.json', 'The pairs of popular networks, on this CPU'],
    ['fusion-probe -d node --pairs conv2d+relu,add+relu | jq .pairs', 'Two of them'],
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
      describe: "File that defines devices [default: ./devices.yaml, else the user's own]",
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
      describe: 'These pairs instead, such as conv2d+relu,conv2d+elu',
    },
    alpha: defaultedNumberOption(
      'alpha',
      'Share of the quicker operator that running both as one must save',
      0.5,
      { min: 0, max: 1 },
    ),
    'max-seconds': defaultedNumberOption('max-seconds', 'Time for each of its measurements', 0.2, {
      min: 0,
    }),
    timeout: defaultedNumberOption('timeout', 'Seconds after which one is given up', 120, {
      min: 0.001,
    }),
  },
  takesFiles: false,
  async run(argv, io) {
    if (!argv.device) throw new LetiError('usage', '--device is missing')
    const chosen = chosenPairs(argv.pairs)
    // What measures takes longer to load than all else here: it is loaded once it is needed.
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
      // Stopped while it was starting: nobody hears of that any more.
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
        if (test.fused === null) io.fail(name, 'undecided: its times contradict each other')
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

/** @throws {LetiError} `usage` where one is unknown */
function chosenPairs(names: string | undefined): OperatorPair[] {
  if (names === undefined) return zooPairs()
  return names.split(',').map((name) => {
    const [first, second = '', ...more] = name.trim().split('+')
    const pair = more.length ? undefined : operatorPair(first, second)
    if (pair) return pair
    throw new LetiError('usage', `--pairs: unknown "${name}"; such as conv2d+relu or add+relu`)
  })
}
