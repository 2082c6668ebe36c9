import type { Runtime } from '../runtime.js'

/** TensorFlow.js. */
export const tfjs: Runtime = {
  format: 'tfjs',
  profiles: true,
  // Its JavaScript kernels (`cpu`) are slow, and share no code with any other backend.
  reference: (backend) => ({ runtime: 'tfjs', backend: backend === 'wasm' ? 'cpu' : 'wasm' }),
  node: { backends: ['wasm', 'cpu'], load: () => import('./node.js') },
  page: {
    backends: ['wasm', 'webgl', 'webgpu', 'cpu'],
    wasmModule: '@tensorflow/tfjs-backend-wasm',
    load: () => import('./page.js'),
  },
}
