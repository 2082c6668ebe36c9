import { open, type FileHandle } from 'node:fs/promises'

const NEWLINE = 0x0a
const CHUNK_BYTES = 1 << 16

/** What follows the last newline of a file. */
export interface LastLine {
  readonly text: string
  /** Offset of its first byte. */
  readonly start: number
}

/** The last line of a file; empty if the file ends with a newline. Only this line is read. */
export async function readLastLine(file: string): Promise<LastLine> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const start = await startOfLastLine(handle, size)
    const bytes = Buffer.alloc(size - start)
    await handle.read(bytes, 0, bytes.length, start)
    return { text: bytes.toString(), start }
  } finally {
    await handle.close()
  }
}

/** Bytes up to the last newline of a file, this included. */
export async function bytesOfWholeLines(file: string): Promise<number> {
  const handle = await open(file)
  try {
    return await startOfLastLine(handle, (await handle.stat()).size)
  } finally {
    await handle.close()
  }
}

/** Offset after the last newline; 0 if there is none. */
async function startOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  for (let end = size; end > 0;) {
    const start = Math.max(end - CHUNK_BYTES, 0)
    await handle.read(chunk, 0, end - start, start)
    const newline = chunk.subarray(0, end - start).lastIndexOf(NEWLINE)
    if (newline >= 0) return start + newline + 1
    end = start
  }
  return 0
}
