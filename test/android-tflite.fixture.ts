import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { DeviceConfig, OpenDevice } from '../lib/devices/src/target.js'
import { androidTflite } from '../lib/devices/src/targets/android-tflite/target.js'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'

/** MediaPipe's face detection. */
export const MODEL = createRequire(new URL('../lib/formats/package.json', import.meta.url)).resolve(
  '@mediapipe/face_detection/face_detection_short_range.tflite',
)
export const OPERATORS = 164
/** Opened once, without waiting. */
export const OPENING = { patience: 0, signal: new AbortController().signal }

/** Elements of its two outputs. */
export const OUTPUTS = 896 * 16 + 896

/**
 * The target itself on an emulated phone, whose adb server it finds in the environment. After each
 * test: nothing runs on, and no file is left.
 */
export function androidTflitePhone() {
  const plugged = pluggedIn()
  let device: OpenDevice | undefined
  beforeAll(() => {
    for (const [name, value] of Object.entries(plugged.server.env)) vi.stubEnv(name, value)
  })
  afterEach(async () => {
    await device?.close()
    device = undefined
    plugged.phone.behave()
    await vi.waitFor(() => expect(plugged.phone.processes()).toEqual([]), { timeout: 20_000 })
    expect(await plugged.phone.files()).toEqual(new Map())
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })
  return {
    plugged,
    open: async (settings: Partial<DeviceConfig>): Promise<OpenDevice> =>
      (device = await androidTflite.open(
        { name: 'pixel', target: 'android-tflite', ...settings },
        OPENING,
      )),
  }
}
