// What came of the soak: its output, and the memory that its processes took.
import { existsSync, readFileSync } from 'node:fs'

const linesOf = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean)

/**
 * @param output of `farm collect`
 * @param log one line for each measurement that was begun
 * @returns results; those that are lost, and that came more than once; errors by what they say; measurements that were had again
 */
export function countOutput(output, log, ids, devices) {
  const found = new Map()
  const errors = {}
  const aside = new Map()
  for (const line of linesOf(output)) {
    const { id, error, farm } = JSON.parse(line)
    const key = `${id} ${farm.device}`
    found.set(key, (found.get(key) ?? 0) + 1)
    if (!error) continue
    const kind = `${id.startsWith('poison') ? 'poison' : 'others'}: ${error.code}`
    errors[kind] = (errors[kind] ?? 0) + 1
    if (error.code === 'device-crashed') aside.set(farm.device, (aside.get(farm.device) ?? 0) + 1)
  }
  const begun = linesOf(log).filter((line) => !line.startsWith('poison'))
  const wanted = ids.flatMap((id) => devices.map((device) => `${id} ${device}`))
  return {
    results: found.size,
    lost: wanted.filter((key) => !found.has(key)),
    doubled: [...found].filter(([, count]) => count > 1).map(([key]) => key),
    errors,
    again: begun.length - new Set(begun).size,
    aside: (device) => aside.get(device) ?? 0,
  }
}

/** What is alike but for its numbers, counted, with the first of each. */
export function kindsOf(texts) {
  const kinds = new Map()
  for (const text of texts) {
    const kind = text.replace(/\d+/g, '#')
    const { first = text, count = 0 } = kinds.get(kind) ?? {}
    kinds.set(kind, { first, count: count + 1 })
  }
  return [...kinds.values()].map(({ first, count }) => `${first} (${count} alike)`)
}

/** The most memory that processes have taken, as far as Linux tells. */
export class Memory {
  most = {}

  /** @param pids by name */
  look(pids) {
    for (const [name, pid] of Object.entries(pids)) {
      const path = `/proc/${pid}/status`
      const [, kilobytes = 0] =
        /VmRSS:\s+(\d+)/.exec(existsSync(path) ? readFileSync(path, 'utf8') : '') ?? []
      this.most[name] = Math.max(this.most[name] ?? 0, Math.round(kilobytes / 1024))
    }
  }
}
