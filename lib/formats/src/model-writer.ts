import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'

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

/** Bytes after which signals are heard: some hundredths of a second. */
const TURN_BYTES = 16 * 1024 * 1024

/** Writes the files of a model; keeps their digest and total size. */
export class ModelWriter {
  private readonly hash = createHash('sha256')
  private bytes = 0

  /**
   * Writes a file in pieces and releases each piece once it is written. This thread writes them itself: to hand a
   * block to another thread takes as long as to copy it.
   *
   * @throws the system's error if the file cannot be written
   * @throws whatever `pieces` throws
   */
  async write(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
    const file = openSync(path, 'w')
    try {
      let untilTurn = TURN_BYTES
      for (const block of inBlocks(pieces)) {
        this.hash.update(block)
        this.bytes += block.length
        writeAll(file, block)
        untilTurn -= block.length
        if (untilTurn > 0) continue
        await nextTurn()
        untilTurn = TURN_BYTES
      }
    } finally {
      closeSync(file)
    }
  }

  /** @param path the file to load */
  written(path: string): WrittenModel {
    return { path, sha256: this.hash.digest('hex'), bytes: this.bytes }
  }
}

/** An operating system writes at most 2 GiB at once. */
function writeAll(file: number, block: Uint8Array): void {
  for (let start = 0; start < block.length;) start += writeSync(file, block, start)
}

function* inBlocks(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES)
  let filled = 0
  for (const piece of pieces) {
    if (filled + piece.length > BLOCK_BYTES) {
      yield block.subarray(0, filled)
      filled = 0
    }
    if (piece.length >= BLOCK_BYTES) yield piece
    else {
      block.set(piece, filled)
      filled += piece.length
    }
  }
  yield block.subarray(0, filled)
}
