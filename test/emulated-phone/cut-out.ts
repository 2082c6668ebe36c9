import { Transform } from 'node:stream'

/** A stream that removes every `needle`, even one that is split across two chunks. */
export function cuttingOut(needle: string): Transform {
  let held: Buffer = Buffer.alloc(0)
  const clean = (bytes: Buffer) =>
    bytes.includes(needle)
      ? Buffer.from(bytes.toString('latin1').replaceAll(needle, ''), 'latin1')
      : bytes
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = clean(held.length ? Buffer.concat([held, chunk]) : chunk)
      const end = bytes.length - beginningAtEnd(bytes, needle)
      held = bytes.subarray(end)
      done(null, bytes.subarray(0, end))
    },
    flush(done) {
      done(null, held)
    },
  })
}

/** Number of bytes at the end that may be the beginning of a needle. */
function beginningAtEnd(bytes: Buffer, needle: string): number {
  const tail = bytes.subarray(-needle.length + 1).toString('latin1')
  for (let length = tail.length; length > 0; length--) {
    if (needle.startsWith(tail.slice(-length))) return length
  }
  return 0
}
