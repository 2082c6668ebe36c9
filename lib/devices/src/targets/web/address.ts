/** Where the server of a web device listens, and under which names browsers may reach it. */
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import type { Setting } from '../../settings.js'

/** An address of this computer, and a port; 0 is any free one. */
export interface Address {
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:\[([\da-f:.]+)\]|([a-z\d](?:[\w.-]*[a-z\d])?))(?::(\d{1,5}))?$/i
const ANY = new Set(['0.0.0.0', '::'])

/** Where to listen, as a setting of devices.yaml. */
export function listening(about: string): Setting<string> {
  return {
    about,
    takes: 'an address or a name of this computer, with or without a port, like 192.168.1.20:8443',
    read: (value) => (typeof value === 'string' && addressOf(value) ? value : undefined),
  }
}

/** The address that a setting names; `undefined` if it names none. */
export function addressOf(value: string): Address | undefined {
  if (isIP(value) === 6) return { host: value.toLowerCase(), port: 0 }
  const [, six, name, port = '0'] = ADDRESS.exec(value) ?? []
  const host = six ?? name
  if (host === undefined || (six !== undefined && isIP(six) !== 6) || Number(port) > 65_535) {
    return undefined
  }
  return { host: host.toLowerCase(), port: Number(port) }
}

/** Whether only browsers on this computer reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/**
 * The names under which a browser may reach an address, the one to print first. A server that listens on all
 * interfaces has the names of all of them.
 */
export function namesOf(host: string): string[] {
  if (!ANY.has(host)) return isLoopback(host) ? [host, 'localhost'] : [host]
  const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found)
  const outward = addresses.filter(({ internal, scopeid }) => !internal && !scopeid)
  const own = hostname().toLowerCase()
  return [...outward.map(({ address }) => address), own, `${own}.local`, '127.0.0.1', 'localhost']
}

/** A name as browsers have it in URLs and in the header `Host`. */
export function inUrl(name: string): string {
  return new URL(`https://${isIP(name) === 6 ? `[${name}]` : name}`).hostname
}
