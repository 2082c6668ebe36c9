import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { BenchmarkBehavior, BenchmarkFault } from './behavior.js'
import { STDOUT, tool, write } from './log.js'

/**
 * How the tool behaves with this model: without the fault if that is meant for another model.
 *
 * @param notes file with the digests of the models run so far, one per line
 */
export function behaviorWith(
  graph: string,
  { fault, atModel, ...well }: BenchmarkBehavior,
  notes: string,
): BenchmarkBehavior {
  if (atModel === undefined) return { ...well, ...(fault && { fault }) }
  const digest = createHash('sha256').update(readFileSync(graph)).digest('hex')
  const models = existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean) : []
  if (!models.includes(digest)) {
    models.push(digest)
    appendFileSync(notes, `${digest}\n`)
  }
  return { ...well, ...(fault && models.indexOf(digest) === atModel - 1 && { fault }) }
}

/** Never ends, like a driver that waits for its GPU. */
export function hang(): Promise<never> {
  setInterval(() => undefined, 60_000)
  return new Promise(() => undefined)
}

/** Ends the program at once by a signal. */
export function dieBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal)
  // Block until the signal arrives, so that nothing more is printed.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

/** Prints a line of statistics, changed by the fault. */
export function printStatistics(line: string, isLast: boolean, fault?: BenchmarkFault): void {
  if (fault === 'garbled') {
    const noise = randomBytes(400).map((byte) => (byte === 10 ? 0 : byte))
    write(STDOUT, Buffer.concat([Buffer.from('INFO: count='), noise, Buffer.from('\n\n')]))
  } else if (fault === 'die' && isLast) {
    write(STDOUT, `INFO: ${line.slice(0, 18)}`)
    dieBy('SIGKILL')
  } else tool.info(line)
}
