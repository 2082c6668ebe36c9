import type { Readable } from 'node:stream'
import { LetiError } from '@leti/records'
import { maskedCrc32c } from './crc32c.js'

/** Length and its checksum before the data, the checksum of the data after them. */
const HEADER_BYTES = 12
const FOOTER_BYTES = 4

/** Records of the benchmark have about 400 bytes: a length beyond this is damaged. */
const MAX_DATA_BYTES = 1 << 24

/** A record of a TFRecord file. */
export interface TfRecord {
  /** Of its first byte in the file. */
  readonly offset: number
  readonly data: Buffer
  /** Whether the checksum of the data is wrong. */
  readonly damaged: boolean
}

/**
 * Reads a TFRecord file. Format: https://www.tensorflow.org/tutorials/load_data/tfrecord
 *
 * @throws {LetiError} `bad-input`, with the offset, where the file is cut short or a length is damaged: no record
 *   after it can be found
 */
export async function* readTfRecords(stream: Readable): AsyncGenerator<TfRecord[]> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk
    const records: TfRecord[] = []
    const failure = { error: undefined as LetiError | undefined }
    let start = 0
    for (;;) {
      const record = recordAt(bytes, start, offset + start, failure)
      if (!record) break
      records.push(record)
      start += HEADER_BYTES + record.data.length + FOOTER_BYTES
    }
    yield records
    if (failure.error) throw failure.error
    rest = bytes.subarray(start)
    offset += start
  }
  if (rest.length) throw problemAt(offset, 'the file is cut short within this record')
}

/** `undefined` if the bytes end before the record does, or if its length is damaged. */
function recordAt(
  bytes: Buffer,
  start: number,
  offset: number,
  failure: { error: LetiError | undefined },
): TfRecord | undefined {
  if (bytes.length - start < HEADER_BYTES) return undefined
  const length = bytes.readUInt32LE(start) + bytes.readUInt32LE(start + 4) * 2 ** 32
  const isLength = bytes.readUInt32LE(start + 8) === maskedCrc32c(bytes, start, start + 8)
  if (!isLength || length > MAX_DATA_BYTES) {
    failure.error = problemAt(offset, 'the length of this record is damaged; the rest is not read')
    return undefined
  }
  const from = start + HEADER_BYTES
  const to = from + length
  if (bytes.length < to + FOOTER_BYTES) return undefined
  const damaged = bytes.readUInt32LE(to) !== maskedCrc32c(bytes, from, to)
  return { offset, data: bytes.subarray(from, to), damaged }
}

function problemAt(offset: number, message: string): LetiError {
  return new LetiError('bad-input', `byte ${offset}: ${message}`)
}
