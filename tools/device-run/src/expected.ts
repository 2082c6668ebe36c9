/** How many networks a device is to measure, for the person who holds it. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { MeasuringDevice } from '@leti/devices'

const NEWLINE = 10

/** Tells the devices that persons hold how many networks come; a stream cannot tell. */
export async function expectNetworks(
  devices: readonly Pick<MeasuringDevice, 'isBrought' | 'progress'>[],
  files: readonly string[],
  visits: number,
): Promise<void> {
  const brought = devices.filter(({ isBrought }) => isBrought)
  if (!brought.length || !(await areFiles(files))) return
  let lines = 0
  for (const file of files) lines += await linesOf(file)
  for (const { progress } of brought) progress.expected = lines * visits
}

async function areFiles(files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)))
  return files.length > 0 && found.every((entry) => entry?.isFile())
}

async function linesOf(file: string): Promise<number> {
  let lines = 0
  let last = NEWLINE
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++
    last = chunk[chunk.length - 1]
  }
  return last === NEWLINE ? lines : lines + 1
}
