import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { promisify } from 'node:util'
import { statOf } from '@leti/records/files'

/**
 * Most memory that one program may take: half of this computer's, or of the container's. A device and the
 * CPU reference, which may hold the same network, then fit together.
 */
export const MEMORY_LIMIT = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2

const isLinux = process.platform === 'linux'
/** How often to look. Reading /proc takes about a millisecond, starting `ps` some ten. */
const LOOK_MS = isLinux ? 250 : 2000
/** How many looks pass until processes of other groups are looked at again: an id may be given out anew. */
const LOOKS = 20

/**
 * Watches the memory of a process group. A system that does not tell sets no limit.
 *
 * @param exceeded called once, with the bytes that it takes, if they are more than the limit
 * @returns ends the watch
 */
export function watchMemory(
  group: number | undefined,
  limit: number,
  exceeded: (bytes: number) => void,
): () => void {
  if (group === undefined) return () => undefined
  let watching = true
  const memoryOf = isLinux ? ownMemory(group) : () => residentMemory(group)
  const look = async (): Promise<void> => {
    const bytes = await memoryOf().catch(() => 0)
    if (!watching || bytes <= limit) return
    stop()
    exceeded(bytes)
  }
  const timer = setInterval(() => void look(), LOOK_MS).unref()
  const stop = (): void => {
    watching = false
    clearInterval(timer)
  }
  return stop
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(2)} GiB`
}

/** Tells the memory of a group in bytes, without the files that it maps, such as its program. */
function ownMemory(group: number): () => Promise<number> {
  const membersOf = membersOfGroup(group)
  return async () => {
    const members = membersOf(await readdir('/proc'))
    const texts = members.map((name) => readFile(`/proc/${name}/status`, 'utf8').catch(() => ''))
    const sizes = (await Promise.all(texts)).flatMap((text) => [
      ...text.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB$/gm),
    ])
    return sizes.reduce((sum, [, size]) => sum + 1024 * Number(size), 0)
  }
}

/**
 * Finds the members of a group among the entries of /proc. Processes of other groups are remembered: reading
 * all of /proc four times a second would disturb what is measured.
 */
function membersOfGroup(group: number): (entries: readonly string[]) => string[] {
  const strangers = new Set<string>()
  let look = 0
  return (entries) => {
    if (look++ % LOOKS === 0) strangers.clear()
    return entries.filter((name) => {
      if (strangers.has(name)) return false
      const isMember = name === String(group) || statOf(name)?.group === group
      if (!isMember) strangers.add(name)
      return isMember
    })
  }
}

/** The memory of a group in bytes, as far as it is not swapped out. */
async function residentMemory(group: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,rss='])
  return stdout.split('\n').reduce((sum, line) => {
    const [id, size] = line.trim().split(/\s+/).map(Number)
    return id === group ? sum + 1024 * size : sum
  }, 0)
}
