import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The phone's folders that exist on this computer, below the phone's private root. */
const MAPPED = ['/data/local/tmp', '/sdcard', '/proc/cpuinfo', '/proc/net/unix']
const MAPPED_PATH = new RegExp(
  `(?<![\\w./-])(?:${MAPPED.map((path) => path.replaceAll('/', '\\/')).join('|')})(?![\\w-])`,
  'g',
)

/** A redirection into a file of the phone. */
const REDIRECTED = /(>>?\s*['"]?)\/(?:data\/local\/tmp|sdcard)\/[^\s'";|&)]+/g

/** The emulated phone's storage: a private folder of this computer. */
export class PhoneFiles {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'emulated-phone-')))

  constructor() {
    for (const folder of ['data/local/tmp', 'sdcard', 'proc/net']) {
      mkdirSync(join(this.root, folder), { recursive: true })
    }
  }

  /** The path on this computer of a path on the phone. */
  toHost(path: string): string {
    return join(this.root, join('/', path))
  }

  /**
   * Replaces the phone's paths in a shell command by paths on this computer. On a full disk, redirections
   * into a file go to /dev/full.
   */
  mapCommand(command: string, isFull: boolean): string {
    const line = isFull ? command.replace(REDIRECTED, '$1/dev/full') : command
    return line.replace(MAPPED_PATH, (path) => this.root + path)
  }

  /** The files below /data/local/tmp: path on the phone to SHA-256. */
  async list(): Promise<Map<string, string>> {
    const folder = this.toHost('/data/local/tmp')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
    return new Map(
      await Promise.all(
        paths.map(async (path): Promise<[string, string]> => [
          path.slice(this.root.length),
          createHash('sha256')
            .update(await readFile(path))
            .digest('hex'),
        ]),
      ),
    )
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 })
  }
}
