import { count, file, seconds, type ValuesOf } from '../../settings.js'
import { REST } from '../../sparing.js'
import type { DeviceConfig } from '../../target.js'
import { addressOf, listening, type Address } from './address.js'

/** What devices.yaml may say about a device of this target. */
export const settings = {
  listen: listening('where its page is served; default: this computer only'),
  cert: file('the certificate of the server, in PEM; default: one made on the spot'),
  key: file('the private key of "cert", in PEM'),
  wait: seconds('longest wait for its browser'),
  threads: count('threads of the wasm backend', 'wasm'),
  rest: REST,
}

export type WebDevice = DeviceConfig<ValuesOf<typeof settings>>

/** Longest wait for a browser to join or to come back, in seconds. */
export function waitOf({ settings: { wait = 600 } }: WebDevice): number {
  return wait
}

/** Where its server listens: by default, on any free port that only this computer reaches. */
export function listenOf({ settings: { listen = '127.0.0.1' } }: WebDevice): Address {
  return addressOf(listen) as Address
}
