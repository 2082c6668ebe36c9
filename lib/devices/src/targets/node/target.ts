import { LetiError, messageOf } from '@leti/records'
import { HOST, hostEnvironment } from '../../host.js'
import { runInSession } from '../../runtimes/remote.js'
import { nodeOffers } from '../../runtimes/offers.js'
import type {
  DeviceConfig,
  DeviceDescription,
  OpenContext,
  OpenDevice,
  Target,
} from '../../target.js'
import { startChild } from './child.js'
import type { WorkerDescription } from './worker.js'

/** This computer's CPU: a runtime in a Node process of its own, with one thread. */
export const node: Target = {
  runtimes: nodeOffers(),
  settings: {},
  machine: () => Promise.resolve(HOST),
  open: openNode,
  state: () => Promise.resolve({ state: 'ready', detail: `Node ${process.versions.node}` }),
}

async function openNode(
  { runtime, backend }: DeviceConfig,
  { signal }: OpenContext,
): Promise<OpenDevice> {
  const child = startChild()
  signal.addEventListener('abort', () => void child.kill())
  let started: WorkerDescription
  try {
    started = (await child.call('start', runtime, backend)) as WorkerDescription
  } catch (error) {
    await child.kill()
    throw new LetiError('device-lost', `cannot start ${runtime}: ${messageOf(error)}`)
  }
  const description: DeviceDescription = {
    ...started,
    backend,
    environment: { ...hostEnvironment(), node: process.versions.node },
  }
  return {
    describe: () => description,
    run: (modelPath, protocol) => runInSession(child.call, modelPath, protocol),
    close: () => child.kill(),
  }
}
