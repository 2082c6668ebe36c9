import { afterAll, beforeAll } from 'vitest'
import {
  startAdbServer,
  startEmulatedPhone,
  type AdbOutcome,
  type AdbServer,
  type EmulatedPhone,
} from './index.js'

export interface PluggedIn {
  readonly server: AdbServer
  readonly phone: EmulatedPhone
  /** Runs the real adb client on this phone. */
  readonly adb: (...args: string[]) => Promise<AdbOutcome>
  /** `adb shell`. */
  readonly shell: (command: string) => Promise<AdbOutcome>
}

/** Gives the tests of a file a phone with its own adb server. */
export function pluggedIn(): PluggedIn {
  const parts: { server?: AdbServer; phone?: EmulatedPhone } = {}
  const plugged: PluggedIn = {
    get server() {
      return parts.server as AdbServer
    },
    get phone() {
      return parts.phone as EmulatedPhone
    },
    adb: (...args) => plugged.server.adb('-s', plugged.phone.serial, ...args),
    shell: (command) => plugged.adb('shell', command),
  }
  beforeAll(async () => {
    const server = (parts.server = await startAdbServer())
    parts.phone = await startEmulatedPhone({ server })
  })
  afterAll(async () => {
    await parts.phone?.close()
    await parts.server?.stop()
  })
  return plugged
}
