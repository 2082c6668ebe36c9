import { Duplex } from 'node:stream'
import { CLSE, MAX_PAYLOAD, OKAY, WRTE } from './packet.js'

export type SendPacket = (command: number, arg0: number, arg1: number, payload?: Buffer) => void

/**
 * One stream of an ADB connection. The protocol's flow control: a packet is sent only after the last one was
 * acknowledged, and the reader acknowledges a packet only when it can take more. There is no half-close: when
 * either side ends, the stream closes.
 */
export class AdbStream extends Duplex {
  private acknowledged?: (error?: Error) => void
  private owesOkay = false
  private closed_ = false

  constructor(
    private readonly send: SendPacket,
    readonly localId: number,
    public remoteId: number,
    private readonly forget: () => void,
    private readonly maxPayload = MAX_PAYLOAD,
  ) {
    super({ allowHalfOpen: false })
  }

  /** A WRTE from the host. */
  receive(payload: Buffer): void {
    this.owesOkay = true
    if (this.push(payload)) this.acknowledge()
  }

  /** An OKAY from the host. */
  ready(): void {
    const written = this.acknowledged
    this.acknowledged = undefined
    written?.()
  }

  /** A CLSE from the host, or the end of the connection. */
  closedByHost(): void {
    this.closed_ = true
    this.forget()
    this.ready()
    this.push(null)
  }

  override _read(): void {
    if (this.owesOkay) this.acknowledge()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.writeRest(chunk, done)
  }

  override _final(done: () => void): void {
    this.close()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.close()
    this.ready()
    done(error)
  }

  private writeRest(rest: Buffer, done: (error?: Error | null) => void): void {
    if (this.closed_ || !rest.length) {
      done()
      return
    }
    this.acknowledged = () => this.writeRest(rest.subarray(this.maxPayload), done)
    this.send(WRTE, this.localId, this.remoteId, rest.subarray(0, this.maxPayload))
  }

  private acknowledge(): void {
    this.owesOkay = false
    if (!this.closed_) this.send(OKAY, this.localId, this.remoteId)
  }

  private close(): void {
    if (this.closed_) return
    this.closed_ = true
    this.send(CLSE, this.localId, this.remoteId)
    this.forget()
    this.push(null)
  }
}
