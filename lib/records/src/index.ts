export * from './errors.js'
export * from './kernels.js'
export * from './record.js'
export * from './validate.js'
