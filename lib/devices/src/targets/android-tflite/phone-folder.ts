import { createHash } from 'node:crypto'
import { LetiError } from '@leti/records'
import { Adb, type CallOptions, type ShellResult } from '../../adb/adb.js'

const TEMPORARY = '/data/local/tmp'
/** Cleaning up waits for no phone that hangs. */
const CLEAN_MS = 10_000

/** Runs a program of the folder, with the libraries there, and leaves its process id. */
const RUN = 'export LD_LIBRARY_PATH="$0"; echo $$ > "$0/pid" && exec "$@"'

/**
 * Ends the program whose id is in a folder, if that is still it. What runs on the phone does not end
 * with the host's adb.
 */
const stopBy = (folder: string): string =>
  `pid=$(cat "${folder}/pid" 2>/dev/null) && ` +
  'grep -qF "$0/" "/proc/$pid/cmdline" 2>/dev/null && kill -9 "$pid"'
const STOP = stopBy('$0')
/** The folder is moved away first: what has left no process id by then can no longer start. */
const REMOVE = `rm -rf "$0.old"; mv "$0" "$0.old" 2>/dev/null; ${stopBy('$0.old')}; rm -rf "$0.old"`

/**
 * A device's own folder on the phone. Its name follows from the device's: what a run that was cut off
 * has left there, the next one removes.
 */
export class PhoneFolder {
  readonly path: string
  /** What has been put there. */
  private readonly files = new Set<string>()

  constructor(
    private readonly adb: Adb,
    deviceName: string,
  ) {
    this.path = `${TEMPORARY}/leti-${sha256(deviceName).slice(0, 12)}`
  }

  /** @throws {LetiError} `device-lost`, `model-failed` where the phone has no room or no leave */
  async create(): Promise<void> {
    await this.remove(this.adb)
    const made = await this.adb.shell(['mkdir', '-p', this.path])
    if (made.exitCode !== 0) {
      throw new LetiError('model-failed', `cannot make ${this.path}: ${made.stderr.trim()}`)
    }
    // The benchmark app reads it too.
    await this.adb.shell(['chmod', '755', this.path])
  }

  /**
   * Puts a file there, unless it is there already.
   *
   * @param name made of a digest, or fixed: under one name there is one content
   * @param mode as of chmod
   * @returns its path on the phone
   * @throws {LetiError} `device-lost`, `model-failed` where the phone has no room
   */
  async put(local: string, name: string, mode = '644'): Promise<string> {
    const remote = `${this.path}/${name}`
    if (this.files.has(remote)) return remote
    await this.adb.push(local, remote)
    await this.adb.shell(['chmod', mode, remote])
    this.files.add(remote)
    return remote
  }

  async delete(remote: string): Promise<void> {
    this.files.delete(remote)
    await this.adb.shell(['rm', '-f', remote])
  }

  /**
   * Runs a program with the folder's libraries.
   *
   * @throws {LetiError} as `Adb.shell`
   */
  run(command: readonly string[], options?: CallOptions): Promise<ShellResult> {
    return this.adb.shell(['sh', '-c', RUN, this.path, ...command], options)
  }

  /**
   * Ends what runs there.
   *
   * @throws {LetiError} `device-lost`
   */
  async stop(): Promise<void> {
    await this.adb.shell(['sh', '-c', STOP, this.path])
  }

  /** Ends what runs there and removes it all, even where everything else was cancelled. Never throws. */
  async destroy(): Promise<void> {
    // A phone that is gone takes its folder along; the next opening clears it.
    await this.remove(new Adb(this.adb.serial)).catch(() => undefined)
  }

  private async remove(adb: Adb): Promise<void> {
    await adb.shell(['sh', '-c', REMOVE, this.path], { timeout: CLEAN_MS })
  }
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
