import { count, text, webSocket, type ValuesOf } from '../../settings.js'
import { REST } from '../../sparing.js'
import type { DeviceConfig } from '../../target.js'

/** What devices.yaml may say about a device of this target. */
export const settings = {
  executable: text('the browser to start; default: the first one on the PATH'),
  endpoint: webSocket('where a browser that is running already listens'),
  threads: count('threads of the wasm backend', 'wasm'),
  rest: REST,
}

export type ChromiumDevice = DeviceConfig<ValuesOf<typeof settings>>
