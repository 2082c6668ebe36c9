/**
 * Which measurements an earlier run has made. A measurement is finished if the earlier run has measured
 * the same network with the same setting. What an older record does not say does not tell two apart.
 */
import { createHash } from 'node:crypto'
import type { Setting } from '@leti/devices'
import type { LetiRecord, Measurement } from '@leti/records'

export class EarlierOutput {
  /** How many of the records or measurements that were asked for are finished. */
  skipped = 0
  private readonly groups = new Map<string, Group>()
  /** Ids of the records that were passed on with the error of another tool. */
  private readonly failed = new Map<string, Facts[]>()

  /** @param tool whose errors do not count: it tries again */
  constructor(private readonly tool: string) {}

  /** Adds a record of the earlier output. */
  add(record: LetiRecord): void {
    const { id, measurement, error, model } = record
    if (error) {
      if (error.tool !== this.tool) push(this.failed, id, {})
      return
    }
    if (!measurement) return
    // A batch that the model's file fixes is of the network, not of the setting.
    const isOfFile = model?.batch !== undefined && model.batch === measurement.batch
    const setting = settingOf(isOfFile ? { ...measurement, batch: 1 } : measurement)
    const key = JSON.stringify(Object.values(setting))
    const group = this.groups.get(key) ?? { setting, networks: new Map<string, Facts[]>() }
    this.groups.set(key, group)
    const network = networkOf(record, model?.converted_from ?? model?.sha256)
    push(group.networks, id, { ...network, visit: measurement.visit })
  }

  /**
   * Whether this visit of the network of a record is measured. Each earlier measurement answers for one record, since
   * a network may be measured several times on purpose.
   */
  takeMeasurement(record: LetiRecord, setting: Setting, visit: number): boolean {
    const { id, model } = record
    const wanted = settingOf(setting)
    // Without a path, a network is made anew from its architecture.
    const digest = model?.path === undefined ? undefined : model.sha256
    const network = { ...networkOf(record, digest), visit }
    for (const group of this.groups.values()) {
      if (agree(group.setting, wanted) && this.take(group.networks.get(id), network)) return true
    }
    return false
  }

  /** Whether a record that had an error before it was measured is in the earlier output. */
  takeFailed({ id }: LetiRecord): boolean {
    return this.take(this.failed.get(id), {})
  }

  private take(networks: Facts[] = [], wanted: Facts): boolean {
    const found = networks.filter((network) => agree(network, wanted))
    // An older record does not tell its visit: it answers only if no other does.
    const best = found.find(({ visit }) => visit === wanted.visit) ?? found[0]
    const index = networks.indexOf(best)
    if (index < 0) return false
    networks.splice(index, 1)
    this.skipped++
    return true
  }
}

/** Facts by name; `undefined` if they are not known. */
type Facts = Readonly<Record<string, unknown>>

interface Group {
  readonly setting: Facts
  /** The networks that were measured, by id. */
  readonly networks: Map<string, Facts[]>
}

function agree(a: Facts, b: Facts): boolean {
  return Object.keys(a).every(
    (name) => a[name] === undefined || b[name] === undefined || a[name] === b[name],
  )
}

/** What makes two measurements of a network different ones. */
function settingOf({ runtime, environment, ...measurement }: Setting | Measurement): Facts {
  const { device, target, backend, threads, batch } = measurement
  return {
    device,
    target,
    // Without its version: a newer one does not measure again.
    runtime: runtime?.split('@')[0],
    backend,
    threads,
    batch,
    // Which of TFLite's programs ran.
    runner: environment?.runner,
    generation: environment?.generation,
    // An older record without a clock was timed by the wall clock.
    clock: environment && (environment.clock ?? 'wall'),
    // A name may have moved to another computer or phone.
    cpu: environment?.cpu,
    phone: environment?.model,
  }
}

/** @param digest of the model files that the record came with */
function networkOf({ arch }: LetiRecord, digest: string | undefined): Facts {
  return { arch: arch && digestOf(arch), digest }
}

function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('base64')
}

/** A replacer for JSON that writes members in alphabetical order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function push(map: Map<string, Facts[]>, id: string, facts: Facts): void {
  const known = map.get(id)
  if (known) known.push(facts)
  else map.set(id, [facts])
}
