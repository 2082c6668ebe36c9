/** An emulated Android phone, for tests: see README.md. */
export { startAdbServer, type AdbOutcome, type AdbServer } from './adb-server.js'
export { startEmulatedPhone, type EmulatedPhone } from './phone.js'
