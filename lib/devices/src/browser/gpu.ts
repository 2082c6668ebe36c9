/** Name of the GPU that WebGL draws with; `undefined` if there is none or the browser hides it. */
export function webglRenderer(): string | undefined {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : undefined
}

/** Name of the GPU behind WebGPU, as its adapter describes it; `undefined` if there is none. */
export async function webgpuAdapter(): Promise<string | undefined> {
  const adapter = await navigator.gpu?.requestAdapter()
  if (!adapter) return undefined
  const { vendor, architecture, device, description } = adapter.info
  return [vendor, architecture, device, description].filter(Boolean).join(' ') || undefined
}
