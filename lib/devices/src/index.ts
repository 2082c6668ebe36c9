export { attachedPhones, type AttachedPhone, type AttachedPhones } from './adb/attached.js'
export { adjustDevice, findDevice, loadDevices } from './config.js'
export {
  MeasuringDevice,
  type Measured,
  type MeasuringOptions,
  type OnHost,
} from './measuring-device.js'
export type { ModelFiles } from './reference.js'
export { TARGETS } from './registry.js'
export { backendOf, offerOf, runtimeOf } from './runtimes/choice.js'
export type { DeviceConfig, DeviceState, OpenDevice, Run, Runtime, Target } from './target.js'
