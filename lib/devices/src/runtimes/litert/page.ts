/** Starts LiteRT.js in a page of a browser. */
import { getWebGpuDevice, loadLiteRt, supportsFeature, type Accelerator } from '@litertjs/core'
import core from '@litertjs/core/package.json' with { type: 'json' }
import { fetched } from '../../browser/fetched.js'
import { webgpuAdapter } from '../../browser/gpu.js'
import type { PageOptions } from '../runtime.js'
import type { Started } from '../session.js'
import { LitertSession } from './session.js'

export async function start({ backend, threads, wasmUrl }: PageOptions): Promise<Started> {
  // With JavaScript promise integration, a model that only partly fits the GPU runs on both.
  const jspi = backend === 'webgpu' && (await supportsFeature('jspi'))
  await loadLiteRt(wasmUrl, { threads: backend === 'wasm' && threads > 1, jspi })
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
  return new Uint8Array(await fetched(url))
}
