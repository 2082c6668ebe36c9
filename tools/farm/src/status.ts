import { setTimeout as delay } from 'node:timers/promises'
import { farmStatus, openFarm, type DeviceStatus, type FarmStatus } from '@leti/farm'
import { alignedTable, type Io } from '@leti/pipe'
import { visible } from '@leti/records'
import type { FarmAddress } from './address.js'

const WATCH_MS = 2000
/** What was set aside is listed up to this number. */
const MOST_LISTED = 20
/** Clears a terminal. */
const CLEAR = '\u001b[H\u001b[2J'

export interface StatusArguments {
  readonly json: boolean
  readonly watch: boolean
}

/** Writes the state of the farm to stdout. */
export async function status(
  io: Io,
  { url }: FarmAddress,
  { json, watch }: StatusArguments,
): Promise<void> {
  // It changes nothing, so it looks at any server.
  const farm = await openFarm(url, true)
  try {
    do {
      const now = await farmStatus(farm.queues)
      const clear = watch && !json && process.stdout.isTTY ? CLEAR : ''
      await io.writeLine(json ? JSON.stringify(now) : clear + textOf(now))
      await io.flush()
      if (watch) await delay(WATCH_MS, undefined, { signal: io.signal }).catch(() => undefined)
    } while (watch && !io.signal.aborted)
  } finally {
    await farm.close()
  }
}

function textOf({ devices, uncollected, submitting, aside }: FarmStatus): string {
  const head = ['device', 'waiting', 'active', 'done', 'set aside', 's/job', 'left', 'where']
  const table = alignedTable([head, ...devices.map(rowOf)])
  const more = submitting ? `; ${submitting} submitting more` : ''
  const listed = aside
    .slice(0, MOST_LISTED)
    .map(({ device, id, error }) => `set aside: ${id} on ${device}: ${error.message}`)
  const lines = [table, `${uncollected} results to collect${more}`, ...listed]
  return lines.join('\n').split('\n').map(visible).join('\n')
}

function rowOf(status: DeviceStatus): string[] {
  const { device, hosts, waiting, active, done, set_aside } = status
  const where = hosts.map(({ host, state, detail }) => `${host} ${state}${detail && `: ${detail}`}`)
  return [
    device || '(none)',
    ...[waiting, active, done, set_aside].map(String),
    status.seconds_per_job?.toPrecision(3) ?? '-',
    durationOf(status.seconds_left),
    where.join(', ') || 'nowhere',
  ]
}

function durationOf(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = seconds / 60
  if (minutes < 90) return `${Math.ceil(minutes)} min`
  const hours = minutes / 60
  return hours < 48 ? `${Math.ceil(hours)} h` : `${Math.ceil(hours / 24)} days`
}
