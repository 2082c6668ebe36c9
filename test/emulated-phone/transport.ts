import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  AUTH,
  CLSE,
  CNXN,
  encodePacket,
  MAX_PAYLOAD,
  OKAY,
  OPEN,
  type Packet,
  PacketReader,
  VERSION,
  WRTE,
} from './packet.js'
import { AdbStream, type SendPacket } from './stream.js'

/** The phone's side of a connection. */
export interface TransportHooks {
  /** The identity that follows `device::`. */
  readonly banner: string
  /** Whether the user has allowed the host's key; called for each connection. */
  readonly authorized: () => boolean
  /** Finds the service that the host opens; `undefined` if there is no such service. */
  readonly open: (service: string, transport: Transport) => Promise<Service | undefined>
}

/** Receives a stream once it is open. */
export type Service = (stream: AdbStream) => void

/** `A_AUTH` types of the protocol. */
const TOKEN = 1
const TOKEN_BYTES = 20

/** The device's end of one ADB connection over TCP: the handshake, and streams over one socket. */
export class Transport {
  private readonly streams = new Map<number, AdbStream>()
  private readonly reader = new PacketReader()
  private lastId = 0
  private awaitingUser = false
  private maxPayload = MAX_PAYLOAD
  /** Whether messages of the host are ignored. */
  deaf = false

  constructor(
    private readonly socket: Socket,
    private readonly hooks: TransportHooks,
  ) {
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.receive(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      for (const stream of [...this.streams.values()]) stream.closedByHost()
    })
  }

  /** Drops the connection, as an unplugged cable does. */
  drop(): void {
    this.socket.destroy()
  }

  /** Called when the user taps "Allow". */
  userAllowed(): void {
    if (this.awaitingUser) this.connect()
  }

  /** Opens a stream to a service of the host, as a reverse forward does. */
  openToHost(service: string): AdbStream {
    const stream = this.addStream(0)
    // Its first write waits for the host's OKAY.
    stream.cork()
    this.send(OPEN, stream.localId, 0, Buffer.from(`${service}\0`))
    return stream
  }

  private receive(chunk: Buffer): void {
    if (this.deaf) return
    try {
      for (const packet of this.reader.push(chunk)) this.handle(packet)
    } catch {
      this.drop()
    }
  }

  private handle(packet: Packet): void {
    const { command, arg0, arg1, payload } = packet
    if (command === CNXN) this.greet(arg1)
    else if (command === AUTH) this.checkKey(arg0)
    else if (command === OPEN) void this.open(arg0, payload.toString().replace(/\0$/, ''))
    else if (command === OKAY) this.acknowledge(arg0, arg1)
    else if (command === WRTE) this.streams.get(arg1)?.receive(payload)
    else if (command === CLSE) this.streams.get(arg1)?.closedByHost()
  }

  private greet(hostMaxPayload: number): void {
    this.maxPayload = Math.min(hostMaxPayload, MAX_PAYLOAD)
    this.send(AUTH, TOKEN, 0, randomBytes(TOKEN_BYTES))
  }

  /** A real phone verifies the signature; this one accepts any host that its user allows. */
  private checkKey(type: number): void {
    if (this.hooks.authorized()) this.connect()
    else if (type === 2) this.send(AUTH, TOKEN, 0, randomBytes(TOKEN_BYTES))
    else this.awaitingUser = true
  }

  private connect(): void {
    this.awaitingUser = false
    this.send(CNXN, VERSION, MAX_PAYLOAD, Buffer.from(`device::${this.hooks.banner}`))
  }

  private async open(remoteId: number, name: string): Promise<void> {
    const service = await this.hooks.open(name, this).catch(() => undefined)
    if (!service) {
      this.send(CLSE, 0, remoteId)
      return
    }
    const stream = this.addStream(remoteId)
    // The OKAY for OPEN must come before anything that the service sends.
    this.send(OKAY, stream.localId, remoteId)
    service(stream)
  }

  private acknowledge(remoteId: number, localId: number): void {
    const stream = this.streams.get(localId)
    if (!stream) return
    if (stream.remoteId) stream.ready()
    else {
      stream.remoteId = remoteId
      stream.uncork()
    }
  }

  private addStream(remoteId: number): AdbStream {
    const localId = ++this.lastId
    const forget = () => this.streams.delete(localId)
    const stream = new AdbStream(this.send, localId, remoteId, forget, this.maxPayload)
    stream.on('error', () => stream.destroy())
    this.streams.set(localId, stream)
    return stream
  }

  private readonly send: SendPacket = (command, arg0, arg1, payload = Buffer.alloc(0)) => {
    if (this.socket.writable) this.socket.write(encodePacket({ command, arg0, arg1, payload }))
  }
}
