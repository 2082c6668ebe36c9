/** LiteRT.js in a browser's page. */
import { getWebGpuDevice, loadLiteRt, supportsFeature, type Accelerator } from '@litertjs/core'
import core from '@litertjs/core/package.json' with { type: 'json' }
import { webgpuAdapter } from '../../browser/gpu.js'
import type { Started } from '../session.js'
import { LitertSession } from './session.js'

export async function start(backend: string, threads: number): Promise<Started> {
  // With promise integration a model that the GPU does not take whole runs in parts.
  const jspi = backend === 'webgpu' && (await supportsFeature('jspi'))
  await loadLiteRt('litert/', { threads: backend === 'wasm' && threads > 1, jspi })
  if (backend === 'webgpu' && !getWebGpuDevice()) throw new Error('no WebGPU in this browser')
  const gpu = backend === 'webgpu' ? await webgpuAdapter() : undefined
  return {
    session: new LitertSession(fetchModel, backend as Accelerator, threads),
    runtime: `litert@${core.version}`,
    threads: backend === 'wasm' ? threads : 1,
    ...(gpu && { gpu }),
  }
}

async function fetchModel(url: string): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`cannot load ${url}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
