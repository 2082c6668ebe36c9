import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from '../../lib/devices/src/targets/android-chrome/free-port.js'
import { until } from '../run.js'

/** A separate, real adb server. It does not touch the user's own server, devices or keys. */
export interface AdbServer {
  /** Environment variables that make a program use this server. */
  readonly env: Readonly<Record<string, string>>
  /** Runs the real adb client. An error of adb does not throw. */
  adb(...args: string[]): Promise<AdbOutcome>
  /** Waits until a phone is in this state. While its state changes, adb says `offline` for a moment. */
  untilState(serial: string, state: string): Promise<void>
  stop(): Promise<void>
}

export interface AdbOutcome {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export async function startAdbServer(): Promise<AdbServer> {
  const home = await mkdtemp(join(tmpdir(), 'emulated-phone-adb-'))
  const env = {
    ANDROID_ADB_SERVER_PORT: String(await freePort()),
    // adb writes its keys and its log here.
    HOME: home,
    ANDROID_USER_HOME: join(home, '.android'),
    ADB_VENDOR_KEYS: '',
    TMPDIR: home,
    // Ignore phones on USB, emulators, and devices that the network announces.
    ADB_USB: '0',
    ADB_EMU: '0',
    ADB_MDNS: '0',
    ADB_MDNS_OPENSCREEN: '0',
  }
  const adb = async (...args: string[]): Promise<AdbOutcome> => {
    const { exitCode, stdout, stderr } = await execa('adb', args, {
      env,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
    })
    return { code: exitCode, stdout, stderr }
  }
  const started = await adb('start-server')
  if (started.code !== 0) throw new Error(`adb start-server: ${started.stderr}`)
  return {
    env,
    adb,
    untilState: (serial, state) =>
      until(async () => (await adb('devices')).stdout.includes(`${serial}\t${state}\n`)),
    stop: async () => {
      await adb('kill-server')
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
