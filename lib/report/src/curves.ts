import { createHash } from 'node:crypto'
import { learningCurve, TrainingRecords, type TrainingSet } from '@leti/predictors'
import { asLetiError, type LetiRecord, type Statistic } from '@leti/records'
import type { CurveRow } from './data.js'

/** A proxy, a lookup table, and a kind that learns; all fit in milliseconds. */
const KINDS = ['flops', 'lut', 'additive'] as const

/** Numbers of networks to learn from. */
const COUNTS = [10, 20, 50, 100]

/** The largest share of the networks to learn from: the others are the test. */
const LARGEST_SHARE = 0.8

/** As `evaluate --learning-curve` has them. */
const SPLITS = 5
const SEED = 0

/** Most networks of one curve, and of all of them. */
const MOST_NETWORKS = 200
const MOST_IN_ALL = 250

/** More curves than this are left out: those of the fewest networks. */
const MOST_CURVES = 6

/** The networks of one device and search space. */
interface Group {
  readonly setting: number
  readonly space: string
  /** The records of each network, by a digest of its id. */
  readonly networks: Map<string, LetiRecord[]>
}

/** What kinds of predictors learn from a few of the measured networks. */
export class Curves {
  private readonly groups = new Map<string, Group>()

  constructor(private readonly statistic: Statistic) {}

  /**
   * Keeps a record for the curve of its setting and space. Of many networks it keeps those whose ids have the least
   * digests: a random sample that is the same for any order of the records.
   */
  add(setting: number, { id, arch, features, measurement }: LetiRecord): void {
    if (!features || !measurement) return
    const { device, backend, runtime, threads, batch, latency_ms, environment } = measurement
    const conditions = present({ backend, runtime, threads, batch, environment })
    const kept = {
      id,
      ...present({ arch }),
      features,
      measurement: { device, latency_ms, ...conditions },
    }
    const { networks } = this.groupOf(setting, arch?.space ?? 'unknown')
    const key = createHash('sha256').update(id).digest('hex').slice(0, 16)
    const known = networks.get(key)
    if (known) known.push(kept)
    else networks.set(key, [kept])
    if (networks.size > 2 * MOST_NETWORKS) keepLeast(networks, MOST_NETWORKS)
  }

  /** @param names of the settings */
  async rows(names: readonly string[]): Promise<CurveRow[]> {
    const large = [...this.groups.values()]
      .filter(({ networks }) => countsOf(networks.size).length > 1)
      .toSorted((a, b) => b.networks.size - a.networks.size)
      .slice(0, MOST_CURVES)
    const most = Math.min(MOST_NETWORKS, Math.floor(MOST_IN_ALL / large.length))
    const rows: CurveRow[] = []
    for (const { setting, space, networks } of large) {
      keepLeast(networks, most)
      const set = trainingSet([...networks.values()].flat(), this.statistic)
      if (!set) continue
      const curve = rows.length ? rows[rows.length - 1].curve + 1 : 0
      const points = await pointsOf(set, networks.size)
      rows.push(...points.map((point) => ({ curve, device: names[setting], space, ...point })))
    }
    return rows
  }

  private groupOf(setting: number, space: string): Group {
    const key = JSON.stringify([setting, space])
    const known = this.groups.get(key)
    if (known) return known
    const added = { setting, space, networks: new Map<string, LetiRecord[]>() }
    this.groups.set(key, added)
    return added
  }
}

/** The members that are there. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function keepLeast(networks: Map<string, unknown>, most: number): void {
  for (const key of [...networks.keys()].sort().slice(most)) networks.delete(key)
}

/** `undefined` if the records cannot be trained on together: of two machines, or with different features. */
function trainingSet(
  records: readonly LetiRecord[],
  statistic: Statistic,
): TrainingSet | undefined {
  const training = new TrainingRecords({}, statistic)
  try {
    for (const record of records) training.add(record)
  } catch (error) {
    if (!asLetiError(error)) throw error
    return undefined
  }
  const set = training.training()
  return set.differences.every(({ isVersion }) => isVersion) ? set : undefined
}

function countsOf(networks: number): number[] {
  return COUNTS.filter((count) => count <= LARGEST_SHARE * networks)
}

async function pointsOf(set: TrainingSet, networks: number) {
  const counts = countsOf(networks)
  const points: Omit<CurveRow, 'curve' | 'device' | 'space'>[] = []
  for (const kind of KINDS) {
    try {
      // Without the intervals, a fraction of the time.
      const curve = await learningCurve(set, kind, counts, SPLITS, SEED, false)
      for (const { count, mean, std } of curve) {
        const [mape, deviation] = [mean.mape_percent, std.mape_percent]
        points.push({ kind, networks, count, mape, deviation })
      }
    } catch (error) {
      // The records lack what this kind needs.
      if (!asLetiError(error)) throw error
    }
  }
  return points
}
