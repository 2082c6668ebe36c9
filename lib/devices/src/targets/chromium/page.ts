/**
 * The page that measures in a browser: a TensorFlow.js session as a global, which the host calls
 * through the DevTools protocol. Bundled for the browser by the build.
 */
import * as tf from '@tensorflow/tfjs'
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgpu'
import { TfjsSession } from '../../tfjs/session.js'

/** What the page says of itself once its backend runs. */
export interface PageDescription {
  readonly runtime: string
  readonly threads: number
  readonly gpu?: string
  readonly isolated: boolean
}

/** The globals that the host uses. */
export interface LetiPage {
  start(backend: string, threads: number): Promise<PageDescription>
  readonly session: TfjsSession
}

const page: LetiPage = { start, session: new TfjsSession((url) => url) }
Object.assign(globalThis, { leti: page })

async function start(backend: string, threads: number): Promise<PageDescription> {
  setWasmPaths('wasm/')
  if (backend === 'wasm') setThreadsCount(threads)
  if (!(await tf.setBackend(backend))) throw new Error(`no backend "${backend}" in this browser`)
  await tf.ready()
  const gpu = await gpuName(backend)
  return {
    runtime: `tfjs@${tf.version.tfjs}`,
    threads: backend === 'wasm' ? getThreadsCount() : 1,
    ...(gpu && { gpu }),
    isolated: crossOriginIsolated,
  }
}

async function gpuName(backend: string): Promise<string | undefined> {
  if (backend === 'webgl') return webglRenderer()
  if (backend === 'webgpu') return webgpuAdapter()
  return undefined
}

function webglRenderer(): string | undefined {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : undefined
}

async function webgpuAdapter(): Promise<string | undefined> {
  const adapter = await navigator.gpu?.requestAdapter()
  if (!adapter) return undefined
  const { vendor, architecture, device, description } = adapter.info
  return [vendor, architecture, device, description].filter(Boolean).join(' ') || undefined
}
