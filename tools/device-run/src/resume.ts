import { existsSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { isObject, LetiError } from '@leti/records'
import { readLines } from '@leti/pipe'

/** Identifies a measurement: a record is measured once on each device, runtime and backend. */
export function measurementKey(
  id: string,
  device: string,
  runtime: string,
  backend: string,
): string {
  return `${id} ${device} ${runtime} ${backend}`
}

/**
 * Reads which measurements the output of an earlier run has. If a kill cut its last line short, that line
 * is removed from the file, so that what is appended starts on a new line. A missing file has no measurements.
 *
 * @returns the key of each measurement
 * @throws {LetiError} `usage` if a line is not a record
 */
export async function readMeasured(file: string): Promise<Set<string>> {
  const measured = new Set<string>()
  if (!existsSync(file)) return measured
  await repairLastLine(file)
  for await (const { text, place } of readLines([file])) {
    const record = parseRecord(text, place)
    const { id, measurement } = record
    if (isObject(measurement) && !record.error) {
      const { device, runtime, backend } = measurement
      // Without its version: a newer runtime does not measure again.
      const [name] = String(runtime).split('@')
      measured.add(measurementKey(String(id), String(device), name, String(backend)))
    }
  }
  return measured
}

function parseRecord(text: string, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Falls through to the same error.
  }
  throw new LetiError('usage', `${place}: not a record; --resume takes the output of device-run`)
}

const NEWLINE = 0x0a
const CHUNK_BYTES = 1 << 16

/** Removes what follows the last newline: a record that was cut short. */
async function repairLastLine(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    const { size } = await handle.stat()
    const end = await endOfLastLine(handle, size)
    if (end < size) await handle.truncate(end)
  } finally {
    await handle.close()
  }
}

/** Offset after the last newline; 0 if there is none. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
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
