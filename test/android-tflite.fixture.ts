import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { OpenContext, OpenDevice } from '../lib/devices/src/target.js'
import type { TfliteDevice } from '../lib/devices/src/targets/android-tflite/settings.js'
import { androidTflite } from '../lib/devices/src/targets/android-tflite/target.js'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'

/** MediaPipe's face detection model. */
export const MODEL = createRequire(new URL('../lib/formats/package.json', import.meta.url)).resolve(
  '@mediapipe/face_detection/face_detection_short_range.tflite',
)
export const OPERATORS = 164
/** What devices.yaml says about a device of this target. */
export type TfliteEntry = TfliteDevice['settings'] & { readonly backend?: string }

/** A device of this target. */
export function tfliteDevice({ backend = 'cpu', ...settings }: TfliteEntry): TfliteDevice {
  const runtime = 'benchmark_model'
  return { name: 'pixel', target: 'android-tflite', runtime, backend, settings }
}

/** A device that is opened for the first time: nobody waits for it. */
export const OPENING = { patience: 0, signal: new AbortController().signal }

/** Elements of the model's two outputs together. */
export const OUTPUTS = 896 * 16 + 896

/**
 * The target itself on an emulated phone; it finds the phone's adb server through the environment.
 * After each test, no process may still run on the phone and no file may be left there.
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
    open: async (entry: TfliteEntry, more: Partial<OpenContext> = {}): Promise<OpenDevice> =>
      (device = await androidTflite.open(tfliteDevice(entry), { ...OPENING, ...more })),
  }
}
