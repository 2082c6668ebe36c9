/** When each network is measured: in several visits, since a device drifts between them. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { fstatSync, type Stats } from 'node:fs'
import type { PlacedRecord } from '@leti/pipe'

export interface VisitOptions {
  /** How often each network is measured. */
  readonly visits: number
  /** Seed of the orders. */
  readonly seed: number
}

/** What the itinerary needs to know of a device. */
interface Named {
  readonly config: { readonly name: string }
}

/** A network with the devices that cannot measure it, whatever the number of visits. */
interface Network<Device> {
  readonly placed: PlacedRecord
  readonly hopeless: Set<Device>
}

/** One network to be measured on one device; with a single visit, on all devices of a machine in turn. */
export interface Stop<Device> extends Network<Device> {
  /** Counts the measurements of a network from 1. */
  readonly visit: number
  readonly devices: readonly Device[]
}

/** Number of records that are planned together: those of a stream cannot be waited for. */
const STREAM_BLOCK = 25
/** Files are planned as a whole, unless they are so long that they would fill the memory. */
const FILE_BLOCK = 10_000
/** Number of networks that every block measures, so that the levels of the blocks can be compared. */
const ANCHORS = 3

/** How many records are planned together: more if all inputs are regular files, which are known to end. */
export async function blockSizeOf(files: readonly string[]): Promise<number> {
  const inputs = files.length ? files : ['-']
  const areFiles = await Promise.all(inputs.map(isRegularFile))
  return areFiles.every(Boolean) ? FILE_BLOCK : STREAM_BLOCK
}

async function isRegularFile(name: string): Promise<boolean> {
  try {
    const stats: Stats = name === '-' ? fstatSync(0) : await stat(name)
    return stats.isFile()
  } catch {
    // What is wrong with it is said when it is read.
    return false
  }
}

/**
 * Plans the visits of the devices of one machine. A single visit keeps the order of the input. With more,
 * each block is measured in passes, each in a random order of its own for each device. Later blocks visit
 * the first networks of the run again. The plan does not depend on what was skipped.
 */
export async function* itinerary<Device extends Named>(
  records: AsyncIterable<PlacedRecord>,
  devices: readonly Device[],
  { visits, seed }: VisitOptions,
  blockSize: number,
): AsyncGenerator<Stop<Device>> {
  if (visits === 1) {
    for await (const placed of records) yield { placed, hopeless: new Set(), visit: 1, devices }
    return
  }
  let anchors = new Map<Device, readonly Network<Device>[]>()
  let number = 0
  for await (const block of blocksOf<Device>(records, devices, blockSize)) {
    if (!Array.isArray(block)) {
      yield block
      continue
    }
    for (let pass = 1; pass <= visits; pass++) {
      const routes = devices.map((device) => {
        const first = block.map((network) => ({ ...network, visit: pass }))
        const again = (anchors.get(device) ?? []).map((network) => ({
          ...network,
          visit: number * visits + pass,
        }))
        const name = `${seed} ${device.config.name} ${number} ${pass}`
        return shuffled([...first, ...again], name).map((stop) => ({ ...stop, devices: [device] }))
      })
      yield* interleaved(routes)
    }
    if (number === 0) anchors = new Map(devices.map((device) => [device, anchorsOf(block, device)]))
    number++
  }
}

/** The networks in blocks. Records with an error are no networks: they are given at once. */
async function* blocksOf<Device>(
  records: AsyncIterable<PlacedRecord>,
  devices: readonly Device[],
  size: number,
): AsyncGenerator<Network<Device>[] | Stop<Device>> {
  let block: Network<Device>[] = []
  for await (const placed of records) {
    const network = { placed, hopeless: new Set<Device>() }
    if (placed.record.error) yield { ...network, visit: 1, devices }
    else block.push(network)
    if (block.length < size) continue
    yield block
    block = []
  }
  if (block.length) yield block
}

/** Takes one stop of each route in turn. Networks that the device has given up are left out. */
function* interleaved<Device>(routes: readonly Stop<Device>[][]): Generator<Stop<Device>> {
  const length = Math.max(...routes.map((route) => route.length))
  for (let index = 0; index < length; index++) {
    for (const stop of routes.flatMap((route) => route.slice(index, index + 1))) {
      if (!stop.hopeless.has(stop.devices[0])) yield stop
    }
  }
}

/** The first networks that the device can measure, each once. */
function anchorsOf<Device>(block: readonly Network<Device>[], device: Device): Network<Device>[] {
  const byId = new Map<string, Network<Device>>()
  for (const network of block) {
    const { id } = network.placed.record
    if (!network.hopeless.has(device) && !byId.has(id)) byId.set(id, network)
    if (byId.size === ANCHORS) break
  }
  return [...byId.values()]
}

/** A random order that depends on the name alone: by the digest of the name and the position. */
function shuffled<Item>(items: readonly Item[], name: string): Item[] {
  const keyed = items.map((item, index) => ({ item, key: digestOf(`${name} ${index}`) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
