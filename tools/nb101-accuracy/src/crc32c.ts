/** The polynomial of Castagnoli, its bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
  return crc
})

/** CRC32C of a part of a buffer. `zlib.crc32` has another polynomial. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1
  for (let at = start; at < end; at++) crc = TABLE[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8)
  return ~crc >>> 0
}

/** As TFRecord files store it: a CRC of data that hold CRCs would be weak. */
export function maskedCrc32c(bytes: Uint8Array, start?: number, end?: number): number {
  const crc = crc32c(bytes, start, end)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
