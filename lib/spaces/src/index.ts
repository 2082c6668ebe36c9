export { networkOf } from './registry.js'
export type { Space } from './space.js'
export * from './nb101/index.js'
export * from './zoo/index.js'
