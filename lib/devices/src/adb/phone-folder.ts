import { LetiError } from '@leti/records'
import type { Adb, CallOptions, ShellResult } from './adb.js'
import { endPhoneRun, newPhoneRun } from './phone-run.js'

/** The folder on a phone for temporary files. */
export const TEMPORARY = '/data/local/tmp'
/** Longest time to clean up, since the phone may hang. */
const CLEAN_MS = 10_000

/**
 * Shell script: runs a program with the libraries in the folder, and writes its process id there. The new
 * file also renews the time of the folder.
 */
const RUN = 'export LD_LIBRARY_PATH="$0"; rm -f "$0/pid"; echo $$ > "$0/pid" && exec "$@"'

/**
 * Shell script: ends the program whose id is in a folder, if that id still belongs to it. Programs on the
 * phone do not end with adb on this computer.
 */
const stopBy = (folder: string): string =>
  `pid=$(cat "${folder}/pid" 2>/dev/null) && ` +
  'grep -qF "$0/" "/proc/$pid/cmdline" 2>/dev/null && kill -9 "$pid"'
const STOP = stopBy('$0')
/** Moves the folder away first: a program that has not written its id by then can no longer start. */
const REMOVE = `[ -d "$0.old" ] || mv "$0" "$0.old" 2>/dev/null; ${stopBy('$0.old')}; rm -rf "$0.old"`

/**
 * The folder of an open device on its phone. No other device has it, neither of this run nor of another
 * one. Its notes say what else the device leaves behind if its run is killed: see `removeLeftovers`.
 */
export class PhoneFolder {
  readonly name = newPhoneRun()
  readonly path = `${TEMPORARY}/${this.name}`
  /** Paths of the files put there. */
  private readonly files = new Set<string>()

  constructor(private readonly adb: Adb) {}

  /**
   * @param notes names of empty folders inside it
   * @throws {LetiError} `device-lost`, `model-failed` if the phone is full or denies access
   */
  async create(notes: readonly string[] = []): Promise<void> {
    const paths = [this.path, ...notes.map((note) => `${this.path}/${note}`)]
    const made = await this.adb.shell(['mkdir', ...paths])
    if (made.exitCode !== 0) {
      throw new LetiError('model-failed', `cannot make ${this.path}: ${made.stderr.trim()}`)
    }
    // The benchmark app must be able to read it.
    await this.adb.shell(['chmod', '755', this.path])
  }

  /**
   * Puts a file there, unless it is there already.
   *
   * @param name unique to the file's content
   * @param mode for chmod
   * @returns the file's path on the phone
   * @throws {LetiError} `device-lost`, `model-failed` if the phone is full
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
   * Ends the program that runs there.
   *
   * @throws {LetiError} `device-lost`
   */
  async stop(): Promise<void> {
    await this.adb.shell(['sh', '-c', STOP, this.path])
  }

  /** Shows other computers that the run goes on. */
  async touch(): Promise<void> {
    await this.adb.shell(['touch', this.path])
  }

  /** Ends the program and removes the folder, even if all else was cancelled. Never throws. */
  async destroy(): Promise<void> {
    endPhoneRun(this.name)
    // If the phone is lost, the next opening removes the folder.
    await removeFolder(this.adb.withoutSignal(), this.path).catch(() => undefined)
  }
}

/**
 * Ends the program that runs in the folder of an ended run, and removes the folder.
 *
 * @throws {LetiError} `device-lost`
 */
export async function removeFolder(adb: Adb, path: string): Promise<void> {
  await adb.shell(['sh', '-c', REMOVE, path], { timeout: CLEAN_MS })
}
