import { LetiError } from '@leti/records'
import { adbComplaint, deviceLost, isKnownState } from './failure.js'
import { runAdb } from './run-adb.js'

/** A line of `adb devices -l`. */
export interface ListedPhone {
  readonly serial: string
  /** `device` if it is ready; else `offline`, `unauthorized`, `no permissions`, ... */
  readonly state: string
  /** As adb shows it: every character but letters and digits is an underscore. */
  readonly model?: string
  /** Properties that last: `usb:1-2`, `product:panther`, `model:Pixel_7`, `device:panther`. */
  readonly properties: readonly string[]
  /** adb's number of this connection. The phone has another one after it is plugged in again. */
  readonly transport?: string
}

/** What adb shows for a phone that has no serial number. */
export const NO_SERIAL = '(no serial number)'

const HEADER = 'List of devices attached'
/** A serial number from the network may contain a space: `adb-1A2B (2)._adb-tls-connect._tcp`. */
const SERIAL = String.raw`\(no serial number\)|\S.*?\._adb-tls-connect\._tcp|\S+`
/** Some versions of adb add a reason to this state. */
const STATE = String.raw`no permissions(?: ?[(;].*?)?|[a-z]+`
const LINE = new RegExp(String.raw`^(${SERIAL})\s+(${STATE})((?:\s+[a-z_]+:\S+)*)$`)
const TRANSPORT = 'transport_id:'

/**
 * Parses the output of `adb devices -l`. adb may print messages of its server before the header and
 * between the phones; they are ignored.
 *
 * @returns `undefined` if the text is no such list
 */
export function parseDeviceList(text: string): ListedPhone[] | undefined {
  const lines = text.split(/\r?\n/)
  const header = lines.findIndex((line) => line.startsWith(HEADER))
  return header < 0 ? undefined : lines.slice(header + 1).flatMap(parseLine)
}

function parseLine(line: string): ListedPhone[] {
  const [, serial, shown, rest = ''] = LINE.exec(line.trim()) ?? []
  if (!serial) return []
  const state = shown.startsWith('no permissions') ? 'no permissions' : shown
  const words = rest.split(/\s+/).filter(Boolean)
  // A message of adb may look like a phone without properties.
  if (words.length === 0 && !isKnownState(state)) return []
  const valueOf = (name: string): string | undefined =>
    words.find((word) => word.startsWith(name))?.slice(name.length)
  const transport = valueOf(TRANSPORT)
  const model = valueOf('model:')
  const properties = words.filter((word) => !word.startsWith(TRANSPORT))
  return [{ serial, state, properties, ...(model && { model }), ...(transport && { transport }) }]
}

/**
 * Lists the phones that adb sees, in any state.
 *
 * @throws {LetiError} `usage` if adb is not installed, `device-lost` if its server does not answer
 */
export async function listPhones(signal?: AbortSignal): Promise<ListedPhone[]> {
  const { stdout, stderr, exitCode, timedOut } = await runAdb(['devices', '-l'], 20_000, signal)
  if (timedOut) throw failed('it does not answer')
  if (exitCode !== 0) throw failed(adbComplaint(stderr, stdout))
  const phones = parseDeviceList(stdout)
  if (phones) return phones
  throw failed(`it printed no list of devices, but: ${adbComplaint(stderr, stdout)}`)
}

function failed(why: string): LetiError {
  return new LetiError('device-lost', `adb devices failed: ${why}`)
}

/** The error for a phone that is named, but not ready. */
export function notReady(name: string, phone: ListedPhone | undefined): LetiError {
  return deviceLost(name, phone?.state ?? 'not found')
}
