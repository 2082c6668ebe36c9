/**
 * Packets of the ADB transport, as "protocol.txt" of the Android source (packages/modules/adb)
 * describes them: six little-endian words, then the payload.
 */

export const CNXN = 0x4e584e43
export const AUTH = 0x48545541
export const OPEN = 0x4e45504f
export const OKAY = 0x59414b4f
export const CLSE = 0x45534c43
export const WRTE = 0x45545257

export interface Packet {
  readonly command: number
  readonly arg0: number
  readonly arg1: number
  readonly payload: Buffer
}

/** From this version of the protocol on, the checksum may be zero. */
export const VERSION = 0x01000001
/** The longest payload that either side may send. */
export const MAX_PAYLOAD = 1024 * 1024

const HEADER_BYTES = 24

export function encodePacket({ command, arg0, arg1, payload }: Packet): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const checksum = command === CNXN || command === AUTH ? sumOf(payload) : 0
  const words = [command, arg0, arg1, payload.length, checksum, (command ^ 0xffffffff) >>> 0]
  words.forEach((word, i) => header.writeUInt32LE(word, 4 * i))
  return payload.length ? Buffer.concat([header, payload]) : header
}

function sumOf(payload: Buffer): number {
  return payload.reduce((sum, byte) => sum + byte, 0) >>> 0
}

/** Splits a stream of bytes into packets. */
export class PacketReader {
  private chunks: Buffer[] = []
  private size = 0

  /** @throws {Error} if the bytes are not an ADB packet */
  push(chunk: Buffer): Packet[] {
    this.chunks.push(chunk)
    this.size += chunk.length
    const packets: Packet[] = []
    for (let packet = this.next(); packet; packet = this.next()) packets.push(packet)
    return packets
  }

  private next(): Packet | undefined {
    if (this.size < HEADER_BYTES) return undefined
    if (this.chunks[0].length < HEADER_BYTES) this.join()
    const header = this.chunks[0]
    const [command, arg0, arg1, length, , magic] = Array.from({ length: 6 }, (_, i) =>
      header.readUInt32LE(4 * i),
    )
    if ((command ^ 0xffffffff) >>> 0 !== magic || length > MAX_PAYLOAD) {
      throw new Error('not an ADB packet')
    }
    if (this.size < HEADER_BYTES + length) return undefined
    this.join()
    const [bytes] = this.chunks
    const end = HEADER_BYTES + length
    this.chunks = [bytes.subarray(end)]
    this.size -= end
    return { command, arg0, arg1, payload: bytes.subarray(HEADER_BYTES, end) }
  }

  private join(): void {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)]
  }
}
