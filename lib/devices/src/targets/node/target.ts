import { LetiError, messageOf } from '@leti/records'
import { HOST, hostEnvironment } from '../../host/host.js'
import { WORKER } from '../../locations.js'
import { startWorker } from '../../processes/worker.js'
import { nodeOffers } from '../../runtimes/offers.js'
import { runInSession } from '../../runtimes/remote.js'
import { oneOf, type ValuesOf } from '../../settings.js'
import { REST } from '../../sparing.js'
import type {
  DeviceConfig,
  DeviceDescription,
  OpenContext,
  OpenDevice,
  Target,
} from '../../target.js'
import type { WorkerDescription } from './worker.js'

const settings = { clock: oneOf('what runs are timed by', 'wall', 'cpu'), rest: REST }

/** This computer's CPU: a runtime in a Node process of its own, with one thread. */
export const node: Target<typeof settings> = {
  runtimes: nodeOffers(),
  settings,
  machine: () => Promise.resolve(HOST),
  open: openNode,
  state: () => Promise.resolve({ state: 'ready', detail: `Node ${process.versions.node}` }),
}

async function openNode(
  { runtime, backend, settings: { clock = 'wall' } }: DeviceConfig<ValuesOf<typeof settings>>,
  { signal }: OpenContext,
): Promise<OpenDevice> {
  const worker = startWorker(WORKER, { name: 'the Node process' })
  signal.addEventListener('abort', () => void worker.end())
  let started: WorkerDescription
  try {
    started = (await worker.call('start', runtime, backend, clock)) as WorkerDescription
  } catch (error) {
    await worker.end()
    throw new LetiError('device-lost', `cannot start ${runtime}: ${messageOf(error)}`)
  }
  const description: DeviceDescription = {
    ...started,
    backend,
    environment: { ...hostEnvironment(), node: process.versions.node, clock },
  }
  return {
    describe: () => description,
    run: (modelPath, protocol) => runInSession(worker.call, modelPath, protocol),
    close: () => worker.end(),
  }
}
