/** An emulated Android phone, for tests: see README.md. */
export { startAdbServer, type AdbOutcome, type AdbServer } from './adb-server.js'
export { okay, sameSerial, startAdbRelay, type AdbRelay } from './relay.js'
export type { BenchmarkBehavior, BenchmarkFault } from './benchmark/behavior.js'
export { buildBenchmark, type Generation } from './benchmark/build.js'
export type { Behavior } from './faults.js'
export { PIXEL_7, type PhoneIdentity } from './identity.js'
export { startEmulatedPhone, type EmulatedPhone } from './phone.js'
export type { ThermalStatus } from './state.js'
