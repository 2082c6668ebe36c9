import type { Duplex } from 'node:stream'
import type { AdbStream } from './stream.js'
import type { Service, Transport } from './transport.js'

interface Listener {
  readonly host: string
  readonly transport: Transport
}

const FIRST_FREE_PORT = 38000

/**
 * The listeners that `adb reverse` opens on the phone. The phone's ports are separate from this computer's;
 * a connection to one is passed on to the host. The answers are those of handle_forward_request in adb.cpp
 * of the Android source.
 */
export class ReverseForwards {
  private readonly listeners = new Map<string, Listener>()
  private nextPort = FIRST_FREE_PORT

  /** The open listeners: `tcp:PORT` on the phone, and the host's end. */
  list(): { device: string; host: string }[] {
    return [...this.listeners].map(([device, { host }]) => ({ device, host }))
  }

  /** Connects to a port of the phone; `undefined` (connection refused) if nothing listens. */
  connect(device: string): Duplex | undefined {
    const listener = this.listeners.get(device)
    return listener?.transport.openToHost(listener.host)
  }

  /** Closes the listeners of a lost connection. */
  forget(transport: Transport): void {
    for (const [device, listener] of this.listeners) {
      if (listener.transport === transport) this.listeners.delete(device)
    }
  }

  /** The service behind `reverse:REQUEST`. */
  serve(request: string, transport: Transport): Service | undefined {
    const [verb, ...rest] = request.split(':')
    const argument = rest.join(':')
    if (verb === 'list-forward') return answering(() => lengthPrefixed(this.describe()))
    if (verb === 'forward') return answering(() => this.add(argument, transport))
    if (verb === 'killforward') return answering(() => this.remove(argument))
    if (verb === 'killforward-all') {
      return answering(() => {
        this.listeners.clear()
        return 'OKAY'
      })
    }
    return undefined
  }

  /** In the format of adbd's format_listeners; the first word is the serial of the transport over USB. */
  private describe(): string {
    return this.list()
      .map(({ device, host }) => `UsbFfs ${device} ${host}\n`)
      .join('')
  }

  /** `[norebind:]DEVICE;HOST`. The answer holds the port, even if the request named it. */
  private add(argument: string, transport: Transport): string {
    const noRebind = argument.startsWith('norebind:')
    const [asked, host] = argument.replace(/^norebind:/, '').split(';')
    const device = asked === 'tcp:0' ? `tcp:${this.nextPort++}` : asked
    if (noRebind && this.listeners.has(device)) return fail('cannot rebind existing socket')
    this.listeners.set(device, { host, transport })
    return device.startsWith('tcp:') ? `OKAY${lengthPrefixed(device.slice(4))}` : 'OKAY'
  }

  private remove(device: string): string {
    return this.listeners.delete(device) ? 'OKAY' : fail(`listener '${device}' not found`)
  }
}

function answering(answer: () => string): Service {
  return (stream: AdbStream) => {
    stream.resume()
    stream.end(answer())
  }
}

function lengthPrefixed(text: string): string {
  return text.length.toString(16).padStart(4, '0') + text
}

function fail(reason: string): string {
  return `FAIL${lengthPrefixed(reason)}`
}
