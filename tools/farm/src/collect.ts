import { fstatSync, fsyncSync } from 'node:fs'
import { takeLocks, type Lock } from '@leti/devices'
import { Collector, openFarm, type Entry } from '@leti/farm'
import { recordOf, RecordFile, type Io } from '@leti/pipe'
import { jobOf, RESUME } from './resume.js'
import { warnOfDoor, type FarmAddress } from './address.js'

export interface CollectArguments {
  readonly resume?: string | undefined
  readonly follow: boolean
}

/** Writes the results to stdout, each once, and removes from the farm what was written. */
export async function collect(
  io: Io,
  address: FarmAddress,
  { resume, follow }: CollectArguments,
): Promise<void> {
  warnOfDoor(io, address)
  const { signal } = io
  const say = (message: string): void => io.warn(message)
  const written = new Set<string>()
  const resumed = resume === undefined ? undefined : await RecordFile.at(resume, ['-'], RESUME)
  let lock: Lock | undefined
  const farm = await openFarm(address.url, address.isVolatile)
  const collector = new Collector(farm.queues, farm.store, { follow, signal, say })
  try {
    if (resumed) lock = await takeLocks(await resumed.locks(), { signal, say, measured: () => 0 })
    await collector.start()
    await resumed?.read((record) => written.add(jobOf(record)), signal)
    await resumed?.repair()
    for await (const batch of collector.batches()) {
      for (const entry of batch) await writeOnce(io, entry, written)
      await io.flush()
      syncStdout()
      // What a closed pipe has not taken stays in the farm.
      if (signal.aborted) return
      await farm.store.remove(batch)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await collector.end()
    await farm.close()
    lock?.release()
  }
}

async function writeOnce(io: Io, { at, job, line }: Entry, written: Set<string>): Promise<void> {
  if (written.has(job)) return
  const placed = recordOf({ text: line, place: `result ${at}` }, io)
  if (!placed) return
  written.add(job)
  if (placed.record.error) io.failed = true
  // Whoever reaches the server can write there: a record is one line.
  await io.writeLine(/[\r\n]/.test(placed.text) ? JSON.stringify(placed.record) : placed.text)
}

/** What is removed from the farm must outlive a loss of power. */
function syncStdout(): void {
  if (fstatSync(1).isFile()) fsyncSync(1)
}
