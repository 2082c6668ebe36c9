import type { Target } from './target.js'
import { androidChrome } from './targets/android-chrome/target.js'
import { androidTflite } from './targets/android-tflite/target.js'
import { chromium } from './targets/chromium/target.js'
import { node } from './targets/node/target.js'

/** Every kind of device; a new one is one line here. */
export const TARGETS: Readonly<Record<string, Target>> = {
  node,
  chromium,
  'android-chrome': androidChrome,
  'android-tflite': androidTflite,
}
