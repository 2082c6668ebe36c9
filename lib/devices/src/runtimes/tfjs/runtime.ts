import type { Runtime } from '../runtime.js'

/** TensorFlow.js. */
export const tfjs: Runtime = {
  format: 'tfjs',
  profiles: true,
  // Its JavaScript kernels (`cpu`) are slow, but run what no other runtime can.
  references: (backend) =>
    backend === 'wasm'
      ? [
          { runtime: 'litert', backend: 'wasm' },
          { runtime: 'tfjs', backend: 'cpu' },
        ]
      : [{ runtime: 'tfjs', backend: 'wasm' }],
  node: { backends: ['wasm', 'cpu'], load: () => import('./node.js') },
  page: {
    backends: ['wasm', 'webgl', 'webgpu', 'cpu'],
    wasmModule: '@tensorflow/tfjs-backend-wasm',
    load: () => import('./page.js'),
  },
}
