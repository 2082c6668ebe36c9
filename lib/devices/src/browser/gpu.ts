/** The GPU that WebGL draws with; undefined where the browser has none or does not say. */
export function webglRenderer(): string | undefined {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : undefined
}

/** The GPU behind WebGPU, in the words of its adapter; undefined where there is none. */
export async function webgpuAdapter(): Promise<string | undefined> {
  const adapter = await navigator.gpu?.requestAdapter()
  if (!adapter) return undefined
  const { vendor, architecture, device, description } = adapter.info
  return [vendor, architecture, device, description].filter(Boolean).join(' ') || undefined
}
