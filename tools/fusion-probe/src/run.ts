import type { MeasuringDevice } from '@leti/devices'
import { fusionText, type FusionTest } from '@leti/features'
import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { operatorPair, zooPairs, type OperatorPair } from '@leti/spaces'
import { testPair } from './test-pair.js'

/** Longest time to close the device after a signal, in seconds. */
const CLOSE_SECONDS = 30

interface FusionProbeOptions {
  readonly device?: string | undefined
  /** The file that defines devices. */
  readonly devices?: string | undefined
  readonly runtime?: string | undefined
  readonly backend?: string | undefined
  /** Pairs of operators, separated by commas. */
  readonly pairs?: string | undefined
  /** The share of the faster operator's time that fusion must save. */
  readonly alpha: number
  readonly 'max-seconds': number
  readonly timeout: number
  /** Whether to wait while another run measures on the same machine. */
  readonly lock: boolean
}

/** Measures pairs of operators and writes which the device fuses. */
export async function run(argv: FusionProbeOptions, io: Io): Promise<void> {
  if (!argv.device) throw new LetiError('usage', '--device is missing')
  const chosen = chosenPairs(argv.pairs)
  // The device library takes longest to load, so it is loaded only when it is needed.
  const { adjustDevice, findDevice, loadDevices, lockMachines, MeasuringDevice } =
    await import('@leti/devices')
  const config = adjustDevice(findDevice(await loadDevices(argv.devices), argv.device), argv)
  const device = new MeasuringDevice(config, {
    precision: 0.01,
    maxSeconds: argv['max-seconds'],
    timeout: argv.timeout,
    profile: false,
    verify: false,
    samples: false,
    requireFullDelegation: false,
    say: (text) => io.ask(text),
  })
  io.endWithin(CLOSE_SECONDS)
  const { signal } = io
  signal.addEventListener('abort', () => void device.close())
  const say = (message: string): void => io.warn(message)
  const lock = argv.lock ? await lockMachines([device], { signal, say }) : undefined
  try {
    // If the run was stopped before this listener was added, no event comes.
    if (io.signal.aborted) return
    await device.open()
    const pairs = await testPairs(chosen, device, argv.alpha, io)
    if (io.signal.aborted) return
    const { name, runtime, backend } = config
    await io.writeLine(fusionText({ device: name, runtime, backend, alpha: argv.alpha, pairs }))
  } finally {
    await device.close()
    lock?.release()
  }
}

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
        if (io.signal.aborted) break
        io.caught(name, error)
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
