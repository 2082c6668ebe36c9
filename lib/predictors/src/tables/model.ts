import { LetiError, type Prediction } from '@leti/records'
import { finiteNumber, list, object } from '../checks.js'
import type { Forecast } from './fit.js'

/** The name of this kind in predictor files. It identifies networks by their ids and uses no features. */
export const TABLES = 'tables'

export interface TableParameters {
  /** Latencies in ms of the networks that were measured on the device, by id. */
  readonly measured: Readonly<Record<string, number>>
  readonly networks: Readonly<Record<string, Forecast>>
  /** Absolute log errors divided by the spread, ascending. */
  readonly errors: readonly number[]
}

/** Most errors kept: more do not improve the quantiles. */
const MAX_ERRORS = 1000

/** The latencies of known networks on one device. */
export class TableModel {
  constructor(private readonly parameters: TableParameters) {}

  /**
   * A measured latency is returned as it is. A predicted one has an interval, if there are enough errors for
   * the coverage.
   *
   * @throws {LetiError} `out-of-domain` if the tables do not contain the network
   */
  predict(id: string, coverage: number): Omit<Prediction, 'predictor'> {
    const { measured, networks } = this.parameters
    if (Object.hasOwn(measured, id)) return { latency_ms: measured[id] }
    if (!Object.hasOwn(networks, id)) {
      throw new LetiError(
        'out-of-domain',
        `network "${id}" is not in the tables that the predictor was made from`,
      )
    }
    const { latency_ms, spread } = networks[id]
    const quantile = quantileOf(this.parameters.errors, coverage)
    if (quantile === undefined) return { latency_ms }
    const reach = Math.exp(quantile * spread)
    return { latency_ms, low_ms: latency_ms / reach, high_ms: latency_ms * reach, coverage }
  }

  /** @throws {LetiError} `usage` if the parameters are damaged */
  static fromJSON(value: unknown): TableModel {
    const parameters = object(value, 'parameters')
    const measured = object(parameters.measured, 'parameters.measured')
    for (const id in measured) positive(measured[id], `parameters.measured.${id}`)
    const networks = object(parameters.networks, 'parameters.networks')
    for (const id in networks) {
      const place = `parameters.networks.${id}`
      const { latency_ms, spread } = object(networks[id], place)
      positive(latency_ms, `${place}.latency_ms`)
      positive(spread, `${place}.spread`)
    }
    list(parameters.errors, 'parameters.errors').forEach((error, i) =>
      finiteNumber(error, `parameters.errors[${i}]`),
    )
    return new TableModel(parameters as unknown as TableParameters)
  }
}

/** At most `MAX_ERRORS` of the errors, at even ranks, with four digits. */
export function thinned(errors: readonly number[]): number[] {
  const count = Math.min(errors.length, MAX_ERRORS)
  return Array.from({ length: count }, (_, i) =>
    Number(errors[Math.floor(((i + 0.5) * errors.length) / count)].toPrecision(4)),
  )
}

function quantileOf(errors: readonly number[], coverage: number): number | undefined {
  const rank = Math.ceil((errors.length + 1) * coverage)
  return rank > errors.length ? undefined : errors[rank - 1]
}

function positive(value: unknown, place: string): void {
  if (!(finiteNumber(value, place) > 0)) throw new LetiError('usage', `"${place}" must be above 0`)
}
