import { PHONE_NAME } from '../../adb/phone-name.js'
import { count, file, oneOf, type ValuesOf } from '../../settings.js'
import { CHARGE, REST } from '../../sparing.js'
import type { DeviceConfig } from '../../target.js'

/** What devices.yaml may say about a device of this target. */
export const settings = {
  serial: PHONE_NAME,
  benchmark_model: file("TFLite's benchmark program, built for the phone"),
  runner: oneOf('the program benchmark_model, or the official benchmark app', 'binary', 'app'),
  threads: count('threads of TFLite on the CPU'),
  rest: REST,
  charge: CHARGE,
}

export type TfliteDevice = DeviceConfig<ValuesOf<typeof settings>>
