import { LetiError, type Prediction, type Schema, type Static } from '@leti/records'
import { boundOf } from '../tolerance.js'

/** The name of this kind in predictor files. It identifies networks by their ids and uses no features. */
export const TABLES = 'tables'

const POSITIVE = { type: 'number', exclusiveMinimum: 0 } as const

const FORECAST = {
  type: 'object',
  description: 'The prediction of a network of the tables on the new device.',
  required: ['latency_ms', 'spread'],
  properties: {
    latency_ms: { ...POSITIVE, description: 'Predicted latency, ms.' },
    spread: { ...POSITIVE, description: 'Typical absolute log error.' },
  },
} as const satisfies Schema

export const TABLE_PARAMETERS = {
  type: 'object',
  description: 'The latencies of known networks on one device.',
  required: ['measured', 'networks', 'errors'],
  properties: {
    measured: {
      type: 'object',
      description: 'Latencies of the networks that were measured on the device by id, ms.',
      additionalProperties: POSITIVE,
    },
    networks: {
      type: 'object',
      description: 'Predictions of the other networks, by id.',
      additionalProperties: FORECAST,
    },
    errors: {
      type: 'array',
      items: { type: 'number' },
      description: 'Absolute log errors divided by the spread, in ascending order.',
    },
  },
} as const satisfies Schema

/** The prediction of a network of the tables on the new device. */
export type Forecast = Static<typeof FORECAST>

export type TableParameters = Static<typeof TABLE_PARAMETERS>

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
    const bound = boundOf(this.parameters.errors, coverage)
    if (bound === undefined) return { latency_ms }
    const reach = Math.exp(bound * spread)
    return { latency_ms, low_ms: latency_ms / reach, high_ms: latency_ms * reach, coverage }
  }
}

/** At most `MAX_ERRORS` of the errors, at even ranks, with four digits. */
export function thinned(errors: readonly number[]): number[] {
  const count = Math.min(errors.length, MAX_ERRORS)
  return Array.from({ length: count }, (_, i) =>
    Number(errors[Math.floor(((i + 0.5) * errors.length) / count)].toPrecision(4)),
  )
}
