import {
  adjustDevice,
  findDevice,
  Judge,
  loadDevices,
  ModelMaker,
  type DeviceConfig,
} from '@leti/devices'
import { ConfiguredDevice, work, type Tools } from '@leti/farm'
import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import pLimit from 'p-limit'
import { modelsAt } from './models.js'
import { warnOfDoor, type FarmAddress } from './address.js'

/** Longest time to close the devices after a signal, in seconds. */
const CLOSE_SECONDS = 30

export interface WorkArguments {
  readonly device?: string | undefined
  readonly devices?: string | undefined
  readonly models?: string | undefined
  readonly listen?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** Measures on the devices of this host until it is stopped. */
export async function workOn(
  io: Io,
  farm: FarmAddress,
  { device, devices: file, models, listen, cert, key }: WorkArguments,
): Promise<void> {
  warnOfDoor(io, farm)
  const configs = serving(await chosen(device, file), { listen, cert, key })
  const found = modelsAt(models ?? process.env.LETI_MODELS)
  const maker = new ModelMaker()
  const onHost = pLimit(1)
  const judge = new Judge(maker, onHost)
  const say = (text: string): void => io.ask(text)
  const tools: Tools = { maker, judge, onHost, models: found, say }
  const devices = configs.map((config) => new ConfiguredDevice(config, tools))
  io.endWithin(CLOSE_SECONDS)
  try {
    await work(devices, { ...farm, signal: io.signal, say: (message) => io.warn(message) })
  } finally {
    await maker.close()
  }
}

type Serving = Pick<WorkArguments, 'listen' | 'cert' | 'key'>

/**
 * The devices, with the server of those that browsers join.
 *
 * @throws {LetiError} `usage` if there is none
 */
function serving(configs: readonly DeviceConfig[], server: Serving): DeviceConfig[] {
  const isWeb = ({ target }: DeviceConfig): boolean => target === 'web'
  const all = !configs.some(isWeb)
  return configs.map((config) => (all || isWeb(config) ? adjustDevice(config, server) : config))
}

/** The devices that are named; else those that devices.yaml defines. */
async function chosen(
  names: string | undefined,
  file: string | undefined,
): Promise<DeviceConfig[]> {
  const devices = await loadDevices(file)
  if (names !== undefined) {
    return names.split(',').map((name) => findDevice(devices, name.trim()))
  }
  const BUILT_IN = ['node', 'chromium', 'web']
  const configs = devices.flatMap((one) =>
    'problem' in one || BUILT_IN.includes(one.name) ? [] : [one],
  )
  if (configs.length) return configs
  throw new LetiError(
    'usage',
    'devices.yaml defines no device; name one with --device, such as node',
  )
}
