import { fstatSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

/**
 * Makes stdout write all of each chunk if it is a file. Node takes a short write for a whole one: when the disk
 * fills up, the rest of the chunk would be lost without an error.
 */
export function writeWhole(stdout: Writable & { readonly fd: number }): void {
  if (!fstatSync(stdout.fd).isFile()) return
  stdout._write = (chunk: Uint8Array, _encoding, done) => {
    try {
      for (let start = 0; start < chunk.length;) start += writeSync(stdout.fd, chunk, start)
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  }
}
