import type { LetiRecord, Measurement } from '@leti/records'

/**
 * What tells two settings apart by the value of a member. A member with `''` only has versions: they are
 * worth a word, but a machine stays the same one after an update.
 */
const exact = (value: string): string => value
const version = (): string => ''

/** The name before a version: `Linux` of `Linux 6.18`, `Chrome` of `Chrome/156.0`, `tfjs` of `tfjs@4.22.0`. */
const named = (value: string): string => value.replace(/[@/ ]v?\d.*$/u, '')

/** Without the dotted version numbers of drivers, which browsers give as part of a GPU's name. */
const driven = (value: string): string => value.replace(/\d+(\.\d+)+/gu, '')

const MEASUREMENT = {
  device: exact,
  backend: exact,
  target: exact,
  runtime: named,
  threads: exact,
  batch: exact,
  precision: exact,
} as const

const ENVIRONMENT = {
  model: exact,
  soc: exact,
  cpu: exact,
  cpu_count: exact,
  cpu_abi: exact,
  gpu: driven,
  os: named,
  browser: named,
  precision: exact,
  half_precision_allowed: exact,
  fixed_performance: exact,
  runner: exact,
  generation: exact,
  clock: exact,
  node: version,
  android: version,
  gpu_driver: version,
  benchmark_model_sha256: version,
} as const

/** The members of a measurement's environment that tell machines or settings apart. */
export const ENVIRONMENT_SETTINGS: readonly string[] = Object.keys(ENVIRONMENT)

type Scalar = string | number | boolean

/** A member that two measurements should share, with its place in the record. */
export interface StatedSetting {
  /** Such as `environment.cpu`. */
  readonly member: string
  readonly value: Scalar
}

/** The settings that a record states. What it does not state does not tell it apart from others. */
export function settingsOf({
  measurement,
  model,
}: Pick<LetiRecord, 'model'> & { readonly measurement?: Partial<Measurement> }): StatedSetting[] {
  const { environment = {} } = measurement ?? {}
  const weights = model && (model.weights ?? 'float32')
  return [
    ...scalarsOf(MEASUREMENT, measurement ?? {}, ''),
    ...(weights === undefined ? [] : [{ member: WEIGHTS, value: weights }]),
    ...scalarsOf(ENVIRONMENT, environment, 'environment.'),
  ]
}

const WEIGHTS = 'model.weights'

function scalarsOf(members: object, values: Readonly<Record<string, unknown>>, prefix: string) {
  return Object.keys(members).flatMap((name) => {
    const value = values[name]
    return isScalar(value) ? [{ member: `${prefix}${name}`, value }] : []
  })
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

const IDENTITIES: Readonly<Record<string, (value: string) => string>> = {
  ...MEASUREMENT,
  [WEIGHTS]: exact,
  ...Object.fromEntries(
    Object.entries(ENVIRONMENT).map(([name, identity]) => [`environment.${name}`, identity]),
  ),
}

/** The part of a setting's value that tells machines apart: what is left without versions. */
export function identityOf({ member, value }: StatedSetting): string {
  return IDENTITIES[member](`${value}`)
}
