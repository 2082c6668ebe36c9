import type { Adb } from './adb.js'
import { setFixedPerformance } from './power-mode.js'
import { removeFolder, TEMPORARY, type PhoneFolder } from './phone-folder.js'
import { stateOfRun } from './phone-run.js'

/**
 * Notes in a device's folder about what it leaves behind elsewhere. Each is an empty folder, so that a
 * full phone takes it too, and is made before what it names.
 */
export const noteOf = {
  /** A port of this computer that adb forwards to the phone. */
  forward: (port: number): string => `forward-${port}`,
  /** A port of this computer that some port of the phone is forwarded to. */
  reverse: (port: number): string => `reverse-${port}`,
  /** An Android app that the device starts. */
  app: (name: string): string => `app-${name}`,
  /** The phone holds its clocks. */
  fixedPerformance: 'mode-fixed_performance',
}

/** After this time without a sign of life, a run of another computer counts as ended, in seconds. */
const OLD_S = 86_400

/** Shell script: prints for each run the name of its folder, the folder's time and what is in it. */
const LIST =
  'cd "$0" && for f in leti-*; do [ -d "$f" ] && echo "$f" "$(stat -c %Y "$f")" $(ls "$f"); done; true'

interface Run {
  readonly name: string
  /** When its folder last changed, by the phone's clock; not a number on phones without `stat`. */
  readonly seconds: number
  readonly notes: readonly string[]
}

/**
 * Removes what ended runs left on the phone: their folders and programs, and what their notes name. Runs
 * of other computers count as ended if their folders are old.
 *
 * @param own made just before, so that its time is the phone's clock
 * @returns the names of the runs that go on, as far as is known
 * @throws {LetiError} `device-lost`
 */
export async function removeLeftovers(adb: Adb, own: PhoneFolder): Promise<ReadonlySet<string>> {
  const found = await listRuns(adb)
  const now = found.find(({ name }) => name === own.name)?.seconds ?? NaN
  const isEnded = ({ name, seconds }: Run): boolean => {
    const state = stateOfRun(name)
    return state === 'ended' || (state === 'unknown' && now - seconds > OLD_S)
  }
  const kept = found.filter((run) => !isEnded(run))
  const inUse = new Set(kept.flatMap(({ notes }) => notes))
  for (const run of found.filter(isEnded)) {
    await undo(adb, run, inUse)
    await removeFolder(adb, `${TEMPORARY}/${run.name}`)
  }
  return new Set(kept.map(({ name }) => name))
}

/** Whether another run that goes on has this note. */
export async function isShared(adb: Adb, own: PhoneFolder, note: string): Promise<boolean> {
  const runs = await listRuns(adb)
  return runs.some(({ name, notes }) => name !== own.name && notes.includes(note))
}

async function listRuns(adb: Adb): Promise<Run[]> {
  const { stdout } = await adb.shell(['sh', '-c', LIST, TEMPORARY])
  return stdout.split('\n').flatMap((line) => {
    const [folder, seconds, ...notes] = line.split(' ')
    if (!folder) return []
    // A folder whose removal was interrupted has another name.
    const name = folder.replace(/\.old$/, '')
    return [{ name, seconds: parseInt(seconds, 10), notes }]
  })
}

/** Undoes what the notes of an ended run name, unless a run that goes on has the same note. */
async function undo(adb: Adb, { notes }: Run, inUse: ReadonlySet<string>): Promise<void> {
  for (const note of notes) {
    const [, kind, name] = /^(forward|reverse|app|mode)-([\w.]+)$/.exec(note) ?? []
    if (!kind || inUse.has(note)) continue
    if (kind === 'mode') await setFixedPerformance(adb, false)
    if (kind === 'app') await adb.shell(['am', 'force-stop', name])
    // It may never have been made, or be gone with the connection.
    if (kind === 'forward') await adb.removeForward(Number(name)).catch(() => undefined)
    if (kind === 'reverse') {
      for (const port of await adb.reversesTo(Number(name))) {
        await adb.removeReverse(port).catch(() => undefined)
      }
    }
  }
}
