export { attachedPhones, type AttachedPhone, type AttachedPhones } from './adb/attached.js'
export { adjustDevice, findDevice, loadDevices, type WrongDevice } from './config.js'
export {
  lockMachines,
  networksMeasured,
  takeLocks,
  type Lockable,
  type Locking,
} from './lock/locks.js'
export type { Lock } from './lock/lock.js'
export {
  MeasuringDevice,
  type Measured,
  type MeasuringOptions,
  type OnHost,
  type Setting,
} from './measuring-device.js'
export { measureRecord } from './measure-record.js'
export { KeptModels } from './models/kept-models.js'
export { ModelMaker } from './models/maker.js'
export { RecordModel } from './models/record-model.js'
export { Judge } from './plausible/judge.js'
export { temporaryFolder } from './processes/run-folder.js'
export type { ModelFiles } from './reference.js'
export { TARGETS } from './registry.js'
export { RUNTIMES } from './runtimes/registry.js'
export type { Runtime } from './runtimes/runtime.js'
export { isSameSecret } from './same-secret.js'
export { addressOf, isLoopback } from './targets/web/address.js'
export { readCertificate } from './targets/web/certificate.js'
export type { DeviceConfig, DeviceState, OpenDevice, Run, Target } from './target.js'
