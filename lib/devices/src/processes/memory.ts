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

const memoryOf = process.platform === 'linux' ? ownMemory : residentMemory
/** How often to look. Reading /proc takes about a millisecond, starting `ps` some ten. */
const LOOK_MS = process.platform === 'linux' ? 250 : 2000

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
  const look = async (): Promise<void> => {
    const bytes = await memoryOf(group).catch(() => 0)
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

/** The memory of a group in bytes, without the files that it maps, such as its program. */
async function ownMemory(group: number): Promise<number> {
  const members = (await readdir('/proc')).filter((name) => statOf(name)?.group === group)
  const texts = members.map((name) => readFile(`/proc/${name}/status`, 'utf8').catch(() => ''))
  const sizes = (await Promise.all(texts)).flatMap((text) => [
    ...text.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB$/gm),
  ])
  return sizes.reduce((sum, [, size]) => sum + 1024 * Number(size), 0)
}

/** The memory of a group in bytes, as far as it is not swapped out. */
async function residentMemory(group: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,rss='])
  return stdout.split('\n').reduce((sum, line) => {
    const [id, size] = line.trim().split(/\s+/).map(Number)
    return id === group ? sum + 1024 * size : sum
  }, 0)
}
