import { LetiError, messageOf } from '@leti/records'
import { HOST, hostEnvironment } from '../../host.js'
import { runInSession } from '../../runtimes/remote.js'
import { backendOf, runtimeOf } from '../../runtimes/choice.js'
import type { DeviceConfig, DeviceDescription, OpenDevice, Opening, Target } from '../../target.js'
import { startChild } from './child.js'
import type { WorkerDescription } from './worker.js'

/** This computer's CPU: a runtime in a Node process of its own, one thread. */
export const node: Target = {
  runtimes: {
    tfjs: { format: 'tfjs', backends: ['wasm', 'cpu'], profiles: true },
    litert: { format: 'tflite', backends: ['wasm'], profiles: false },
  },
  settings: [],
  open: openNode,
  state: () => Promise.resolve({ state: 'ready', detail: `Node ${process.versions.node}` }),
}

async function openNode(device: DeviceConfig, { signal }: Opening): Promise<OpenDevice> {
  const runtime = runtimeOf(node, device)
  const backend = backendOf(node, device)
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
    machine: HOST,
    describe: () => description,
    run: (modelPath, protocol) => runInSession(child.call, modelPath, protocol),
    close: () => child.kill(),
  }
}
