import {
  featuresOf,
  kernelsOf,
  LetiError,
  measuredLatency,
  withPublished,
  type Environment,
  type Features,
  type LetiRecord,
  type Measurement,
  type Statistic,
} from '@leti/records'
import { operatorTimes } from './kernel-times.js'
import type { Sample } from './sample.js'
import { checkSizes } from './sizes.js'
import { Differences, type Difference } from './differences.js'

/** Members of a measurement that describe its conditions. */
const CONDITIONS = ['runtime', 'threads', 'batch'] as const

type Condition = (typeof CONDITIONS)[number]

/** The measurements of one device with one backend. */
export interface TrainingSet {
  readonly device: string
  /** Absent if the records name none, such as those of published tables. */
  readonly backend?: string
  /** The conditions that are the same in all records. */
  readonly conditions: Partial<Pick<Measurement, Condition>>
  /** What tells the machines and settings of the measurements apart; empty if all are of one. */
  readonly differences: readonly Difference[]
  /** The members of the environment that are the same in all records. */
  readonly environment: Environment
  /** Names of the search spaces, sorted. */
  readonly spaces: readonly string[]
  /** The statistic of a measurement's runs that is the sample's latency. */
  readonly statistic: Statistic
  readonly samples: readonly Sample[]
}

interface Group {
  readonly first: Measurement
  readonly mixed: Set<Condition>
  readonly differences: Differences
  readonly spaces: Set<string>
  readonly samples: Sample[]
  environment: Environment
}

/** Collects measured records into a training set. */
export class TrainingRecords {
  private readonly groups = new Map<string, Group>()
  /** For each architecture, the id of the first record that has it. */
  private readonly idOf = new Map<string, string>()
  private names: ReadonlySet<string> | undefined

  /**
   * @param only the device and backend to use; records of others are left out
   * @param input what the predictor uses of a network: its features, which must have the same names in all
   *   records, its kernels, or its id
   */
  constructor(
    private readonly only: { device?: string; backend?: string } = {},
    private readonly statistic: Statistic = 'median',
    private readonly input: 'features' | 'kernels' | 'id' = 'features',
  ) {}

  /**
   * @param place of the record in the input
   * @throws {LetiError} `bad-input` or `missing-feature` if the record cannot be trained on, or its features
   *   differ from those of the first record
   */
  add(record: LetiRecord, place?: string): void {
    const { measurement } = record
    const latency_ms = measuredLatency(record, this.statistic)
    if (!measurement || latency_ms === undefined) {
      throw new LetiError('bad-input', '"measurement" is missing: run device-run first')
    }
    if (!this.wants(measurement)) return
    const features = this.input === 'id' ? {} : featuresOf(record)
    if (this.input === 'features') this.checkNames(features)
    const needed = this.input === 'kernels' || record.kernels
    const kernels = needed ? { kernels: kernelsOf(record) } : {}
    checkSizes(features, kernels.kernels)
    const group = this.groupOf(measurement)
    for (const name of CONDITIONS) {
      if (measurement[name] !== group.first[name]) group.mixed.add(name)
    }
    group.differences.add(record)
    group.environment = common(group.environment, measurement.environment ?? {})
    if (record.arch) group.spaces.add(record.arch.space)
    const { kernels: profile, quality } = measurement
    const profiled = profile && { kernel_ms: operatorTimes(profile) }
    group.samples.push({
      id: this.networkId(record),
      ...(record.arch && { arch: record.arch }),
      features,
      ...kernels,
      latency_ms,
      ...profiled,
      ...(quality && { quality }),
      ...(place !== undefined && { place }),
    })
  }

  /** @throws {LetiError} `usage` if the records are of several devices, or there are none */
  training(): TrainingSet {
    const groups = [...this.groups.values()]
    if (groups.length > 1) {
      const found = groups.map(({ first }) => nameOf(first)).join(', ')
      const advice = 'choose one with --device NAME and --backend NAME'
      throw new LetiError(
        'usage',
        `the records are of several devices or backends: ${found}; ${advice}`,
      )
    }
    if (!groups.length) throw new LetiError('usage', `no measured records${this.wanted()}`)
    const [{ first, mixed, differences, environment, spaces, samples }] = groups
    return {
      device: first.device,
      ...(first.backend !== undefined && { backend: first.backend }),
      conditions: Object.fromEntries(
        CONDITIONS.filter((name) => first[name] !== undefined && !mixed.has(name)).map((name) => [
          name,
          first[name],
        ]),
      ),
      differences: differences.list(),
      environment,
      spaces: [...spaces].sort(),
      statistic: this.statistic,
      samples,
    }
  }

  /**
   * The id that all records of a network share: that of the first record with its architecture, whether
   * or not it writes out published values. Chains of one kernel with different lengths count as one network.
   */
  private networkId({ id, arch }: LetiRecord): string {
    if (this.input === 'id' || !arch) return id
    if (arch.space === 'kernel') return id.replace(/-x\d+$/, '')
    // An architecture of its space alone says nothing.
    if (Object.keys(arch).length < 2) return id
    const key = JSON.stringify(withPublished(arch))
    const first = this.idOf.get(key) ?? id
    this.idOf.set(key, first)
    return first
  }

  private wants({ device, backend }: Measurement): boolean {
    const { only } = this
    return device === (only.device ?? device) && backend === (only.backend ?? backend)
  }

  private wanted(): string {
    const { device, backend } = this.only
    const wanted = [device && `device ${device}`, backend && `backend ${backend}`].filter(Boolean)
    return wanted.length ? ` of ${wanted.join(', ')}` : ''
  }

  private groupOf(measurement: Measurement): Group {
    const key = JSON.stringify([measurement.device, measurement.backend])
    const known = this.groups.get(key)
    if (known) return known
    const environment = measurement.environment ?? {}
    const added: Group = {
      first: measurement,
      mixed: new Set(),
      differences: new Differences(),
      spaces: new Set(),
      environment,
      samples: [],
    }
    this.groups.set(key, added)
    return added
  }

  private checkNames(features: Features): void {
    this.names ??= new Set(Object.keys(features))
    for (const name of this.names) {
      if (features[name] === undefined) {
        throw new LetiError(
          'missing-feature',
          `feature "${name}" is missing: the first record has it`,
        )
      }
    }
    for (const name in features) {
      if (this.names.has(name)) continue
      throw new LetiError(
        'bad-input',
        `feature "${name}" is unexpected: the first record does not have it`,
      )
    }
  }
}

/** The members of `known` that `other` has too, with the same value. */
function common(known: Environment, other: Environment): Environment {
  const names = Object.keys(known)
  const same = names.filter((name) => known[name] === other[name])
  if (same.length === names.length) return known
  return Object.fromEntries(same.map((name) => [name, known[name]]))
}

/** Device and backend for people: `node/wasm`. */
export function nameOf({ device, backend }: { device: string; backend?: string }): string {
  return backend === undefined ? device : `${device}/${backend}`
}
