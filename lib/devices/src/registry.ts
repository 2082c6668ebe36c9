import type { Target } from './target.js'
import { androidChrome } from './targets/android-chrome/target.js'
import { androidTflite } from './targets/android-tflite/target.js'
import { chromium } from './targets/chromium/target.js'
import { node } from './targets/node/target.js'
import { web } from './targets/web/target.js'

/** Every target by its name in devices.yaml. To add one, add its folder and a line. */
export const TARGETS: Readonly<Record<string, Target>> = {
  node,
  chromium,
  'android-chrome': androidChrome,
  'android-tflite': androidTflite,
  web,
}
