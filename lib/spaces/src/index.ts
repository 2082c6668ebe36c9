export { networkOf } from './registry.js'
export type { Space } from './space.js'
export { nb101, type Nb101Arch } from './nb101/index.js'
