export { adjustDevice, findDevice, loadDevices } from './config.js'
export { MeasuringDevice, type Measured, type MeasuringOptions } from './measuring-device.js'
export { TARGETS } from './registry.js'
export type { DeviceConfig, DeviceState, OpenDevice, Run, Target } from './target.js'
