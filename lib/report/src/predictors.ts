import { nameOf, NetworkPredictor, type Predictor } from '@leti/predictors'
import { asLetiError, type Features, type LetiRecord, type Prediction } from '@leti/records'
import type { PredictorRow, RangeRow } from './data.js'

/** Features whose ranges a person wants to see first. */
const TELLING = ['macs', 'parameters', 'peak_memory_bytes', 'activation_bytes', 'weight_bytes']

/** What a predictor said of records. */
interface Judgment {
  readonly refused: Map<string, number>
  readonly seen: Map<string, { min: number; max: number; outside: number }>
}

interface Asked {
  readonly predictor: Predictor
  /** Computes the features that a record lacks. */
  readonly networks: NetworkPredictor
  /** Of all records, and of those that were measured on the predictor's device, or not at all. */
  readonly all: Judgment
  readonly own: Judgment
  hasOwn: boolean
}

/** Asks predictors, and remembers what they refused. */
export class Panel {
  private readonly asked: ReadonlyMap<string, Asked>

  constructor(predictors: readonly Predictor[]) {
    const empty = (): Judgment => ({ refused: new Map(), seen: new Map() })
    this.asked = new Map(
      predictors.map((predictor) => [
        predictor.name,
        {
          predictor,
          networks: new NetworkPredictor(predictor),
          all: empty(),
          own: empty(),
          hasOwn: false,
        },
      ]),
    )
  }

  /** The predictions; none of a predictor for which the record lacks features, or is out of its domain. */
  predict(record: LetiRecord): Prediction[] {
    const { measurement } = record
    return [...this.asked.values()].flatMap((asked) => {
      const isOwn = !measurement || nameOf(measurement) === nameOf(asked.predictor.file)
      if (measurement && isOwn) asked.hasOwn = true
      return judge(asked.networks, record, isOwn ? [asked.all, asked.own] : [asked.all])
    })
  }

  /** Whether a predictor judges a device: its own, or any if no record is of its own. */
  judges(name: string, device: string): boolean {
    const asked = this.asked.get(name)
    return !asked?.hasOwn || nameOf(asked.predictor.file) === device
  }

  rows(): PredictorRow[] {
    return [...this.asked.values()].map(({ predictor, hasOwn, own, all }) => {
      const { refused, seen } = hasOwn ? own : all
      const { file, name } = predictor
      const { model, environment, spaces, training, cross_validation, domain } = file
      return {
        name,
        model,
        device: nameOf(file),
        environment: environment as PredictorRow['environment'],
        spaces,
        count: training.count,
        ...training.latency_ms,
        metrics: cross_validation.metrics,
        settings: settingsOf(domain?.settings),
        ranges: rangesOf(predictor, seen),
        refused: [...refused].map(([reason, count]) => ({ reason, count })),
      }
    })
  }
}

function judge(
  networks: NetworkPredictor,
  record: LetiRecord,
  judgments: readonly Judgment[],
): Prediction[] {
  const { features } = record
  if (features) for (const { seen } of judgments) see(seen, networks.predictor, features)
  try {
    return [networks.predict(record)]
  } catch (error) {
    const known = asLetiError(error)
    if (!known) throw error
    // Without numbers: records alike are counted together.
    const reason = known.message.replace(/\b\d[\d.e+]*\b/g, '…')
    for (const { refused } of judgments) refused.set(reason, (refused.get(reason) ?? 0) + 1)
    return []
  }
}

function see(seen: Judgment['seen'], { file }: Predictor, features: Features): void {
  for (const name of TELLING) {
    const value = features[name]
    const range = file.domain?.features?.[name]
    if (value === undefined || !range) continue
    const known = seen.get(name) ?? { min: value, max: value, outside: 0 }
    const outside = value < range.min || value > range.max ? 1 : 0
    seen.set(name, {
      min: Math.min(known.min, value),
      max: Math.max(known.max, value),
      outside: known.outside + outside,
    })
  }
}

function rangesOf({ file }: Predictor, seen: Judgment['seen']): RangeRow[] {
  const ranges = file.domain?.features ?? {}
  return TELLING.flatMap((feature) => {
    const range = ranges[feature]
    if (!range) return []
    const own = seen.get(feature)
    const { min, max } = range
    return {
      feature,
      min,
      max,
      ...(own && { seen: [own.min, own.max] as const }),
      outside: own?.outside ?? 0,
    }
  })
}

/** The values of each setting, by space and name. */
function settingsOf(
  settings: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {},
): Record<string, string> {
  const named = Object.entries(settings).flatMap(([space, own]) =>
    Object.entries(own).map(([name, values]) => [`${space} ${name}`, values.join(', ')] as const),
  )
  return Object.fromEntries(named)
}
