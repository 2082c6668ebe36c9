/** Starts TensorFlow.js in a page of a browser. */
import * as tf from '@tensorflow/tfjs'
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgpu'
import { webglRenderer, webgpuAdapter } from '../../browser/gpu.js'
import type { PageOptions } from '../runtime.js'
import type { Started } from '../session.js'
import { fetched } from '../../browser/fetched.js'
import { urlOf } from '../../browser/url.js'
import { loadArtifacts } from './artifacts.js'
import { TfjsSession } from './session.js'

export async function start({ backend, threads, wasmUrl }: PageOptions): Promise<Started> {
  setWasmPaths(wasmUrl)
  if (backend === 'wasm') setThreadsCount(threads)
  if (!(await tf.setBackend(backend))) throw new Error(`no backend "${backend}" in this browser`)
  await tf.ready()
  const gpu = await gpuName(backend)
  return {
    session: new TfjsSession((url) => ({ load: () => fetchModel(url) })),
    runtime: `tfjs@${tf.version.tfjs}`,
    threads: backend === 'wasm' ? getThreadsCount() : 1,
    ...(gpu && { gpu }),
  }
}

async function gpuName(backend: string): Promise<string | undefined> {
  if (backend === 'webgl') return webglRenderer()
  if (backend === 'webgpu') return webgpuAdapter()
  return undefined
}

async function fetchModel(url: string): Promise<tf.io.ModelArtifacts> {
  const text = new TextDecoder().decode(await fetched(url))
  const folder = url.slice(0, url.lastIndexOf('/') + 1)
  return loadArtifacts(text, (name) => fetched(folder + urlOf(name)))
}
