import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** The members of a record's `model` that describe its files. */
export interface WrittenModel {
  /** The file to load. */
  readonly path: string
  /** SHA-256 of the model's files, in the order of writing. */
  readonly sha256: string
  readonly bytes: number
  /** How the weights are stored, if not as float32. */
  readonly weights?: string
}

/** Bytes. Smaller pieces are gathered into blocks of this size before they are written. */
const BLOCK_BYTES = 256 * 1024

/** Writes the files of a model; keeps their digest and total size. */
export class ModelWriter {
  private readonly hash = createHash('sha256')
  private bytes = 0

  /**
   * Writes a file in pieces and releases each piece once it is written.
   *
   * @throws the system's error if the file cannot be written
   * @throws whatever `pieces` throws
   */
  async write(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
    const file = await open(path, 'w')
    try {
      for (const block of inBlocks(pieces)) {
        this.hash.update(block)
        this.bytes += block.length
        await writeAll(file, block)
      }
    } finally {
      await file.close()
    }
  }

  /** @param path the file to load */
  written(path: string): WrittenModel {
    return { path, sha256: this.hash.digest('hex'), bytes: this.bytes }
  }
}

/** An operating system writes at most 2 GiB at once. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, block: Uint8Array): Promise<void> {
  let rest = block
  while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten)
}

function* inBlocks(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES)
  let filled = 0
  for (const piece of pieces) {
    if (filled + piece.length > BLOCK_BYTES) {
      yield block.subarray(0, filled)
      filled = 0
    }
    if (piece.length > BLOCK_BYTES) yield piece
    else {
      block.set(piece, filled)
      filled += piece.length
    }
  }
  yield block.subarray(0, filled)
}
