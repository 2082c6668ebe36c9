import { LetiError } from '@leti/records'
import { callAdb, lastLine } from './adb.js'
import { deviceLost } from './failure.js'

/** A line of `adb devices -l`. */
export interface ListedPhone {
  readonly serial: string
  /** `device` if it is ready; else `offline`, `unauthorized`, `no permissions`, ... */
  readonly state: string
  /** As adb shows it: every character but letters and digits is an underscore. */
  readonly model?: string
}

const HEADER = 'List of devices attached'
const LINE = /^(\(no serial number\)|\S+)\s+(no permissions|[a-z]+)\b(.*)$/

/** Parses the output of `adb devices -l`. Messages of adb's server before its header are ignored. */
export function parseDeviceList(text: string): ListedPhone[] {
  const lines = text.split(/\r?\n/)
  const header = lines.findIndex((line) => line.startsWith(HEADER))
  if (header < 0) return []
  return lines.slice(header + 1).flatMap((line) => {
    const [, serial, state, rest] = LINE.exec(line.trim()) ?? []
    if (!serial) return []
    const model = /\bmodel:(\S+)/.exec(rest)?.[1]
    return [{ serial, state, ...(model && { model }) }]
  })
}

/**
 * Lists the phones that adb sees, in any state.
 *
 * @throws {LetiError} `usage` if adb is not installed, `device-lost` if its server does not answer
 */
export async function listPhones(): Promise<ListedPhone[]> {
  const { stdout, stderr, exitCode, timedOut } = await callAdb(['devices', '-l'], 20_000)
  if (exitCode === 0) return parseDeviceList(stdout)
  const why = timedOut ? 'it does not answer' : lastLine(stderr)
  throw new LetiError('device-lost', `adb devices failed: ${why}`)
}

/**
 * Finds the phone to use: the one with this serial number, or else the only one attached.
 *
 * @returns its serial number
 * @throws {LetiError} `usage` if several are attached, `device-lost` if the phone is not ready
 */
export async function resolvePhone(serial?: string): Promise<string> {
  return choosePhone(await listPhones(), serial)
}

export function choosePhone(phones: readonly ListedPhone[], serial?: string): string {
  if (serial !== undefined) {
    const phone = phones.find((candidate) => candidate.serial === serial)
    if (phone?.state === 'device') return serial
    throw deviceLost(serial, phone?.state ?? 'not found')
  }
  const ready = phones.filter(({ state }) => state === 'device')
  if (ready.length === 1) return ready[0].serial
  if (ready.length > 1) {
    const serials = ready.map((phone) => describe(phone)).join(', ')
    throw new LetiError('usage', `several phones are attached; set "serial" to one of: ${serials}`)
  }
  const [other] = phones
  if (other) throw deviceLost(other.serial, other.state)
  throw new LetiError(
    'device-lost',
    'no phone is attached: plug one in and enable USB debugging in its developer options',
  )
}

function describe({ serial, model }: ListedPhone): string {
  return model ? `${serial} (${model})` : serial
}
