import { LetiError, messageOf } from '@leti/records'
import { hostEnvironment } from '../../host.js'
import type { DeviceConfig, DeviceDescription, OpenDevice, Target } from '../../target.js'
import { runInSession } from '../../tfjs/remote.js'
import { startChild, type Child } from './child.js'

/** This computer's CPU: TensorFlow.js in a Node process of its own, one thread. */
export const node: Target = {
  backends: ['wasm', 'cpu'],
  settings: [],
  // The two are separate implementations: each checks the other.
  referenceBackend: (backend) => (backend === 'wasm' ? 'cpu' : 'wasm'),
  open: openNode,
  state: () => Promise.resolve({ state: 'ready', detail: `Node ${process.versions.node}` }),
}

async function openNode(device: DeviceConfig): Promise<OpenDevice> {
  const backend = device.backend ?? node.backends[0]
  const child = startChild()
  const runtime = await start(child, backend)
  const description: DeviceDescription = {
    runtime,
    backend,
    threads: 1,
    environment: { ...hostEnvironment(), node: process.versions.node },
  }
  return {
    describe: () => description,
    run: (modelPath, protocol) => runInSession(child.call, modelPath, protocol),
    close: () => child.kill(),
  }
}

async function start(child: Child, backend: string): Promise<string> {
  try {
    const { runtime } = (await child.call('start', backend)) as { runtime: string }
    return runtime
  } catch (error) {
    await child.kill()
    throw new LetiError('device-lost', `cannot start TensorFlow.js: ${messageOf(error)}`)
  }
}
