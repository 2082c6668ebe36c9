import { LetiError, type Features, type Schema, type Static } from '@leti/records'
import { columnsOf } from './feature-columns.js'
import type { Sample } from './sample.js'

export const CONSTANT = {
  type: 'object',
  description: 'Features with the same value in all samples.',
  additionalProperties: { type: 'number' },
} as const satisfies Schema

export const DOMAIN = {
  type: 'object',
  description:
    "The features of the training set. A network with others is out of the predictor's domain.",
  required: ['varying', 'constant'],
  properties: {
    varying: {
      type: 'array',
      items: { type: 'string' },
      description: 'Names of features with more than one value.',
    },
    constant: CONSTANT,
  },
} as const satisfies Schema

/** The features of the training set. A network with others is out of the predictor's domain. */
export type Domain = Static<typeof DOMAIN>

/** Relative differences below this are rounding errors. */
const ROUNDING = 1e-9

export function domainOf(samples: readonly Sample[]): Domain {
  const varying: string[] = []
  const constant: Features = {}
  for (const [name, values] of columnsOf(samples)) {
    let min = Infinity
    let max = -Infinity
    for (const value of values) {
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
    if (max - min > ROUNDING * Math.max(Math.abs(min), Math.abs(max))) varying.push(name)
    else constant[name] = samples[0].features[name]
  }
  return { varying, constant }
}

/** Checks whether a network's features lie in a predictor's domain. */
export class DomainCheck {
  /** Names of all features of the training set. */
  readonly names: readonly string[]
  private readonly seen: ReadonlySet<string>
  /** Names of the last network that was checked in full: most networks have the same ones. */
  private last: readonly string[] = []
  /** For each of these names, whether any value is in the domain. */
  private known: readonly boolean[] = []

  /** @param needed names of the features that the predictor reads */
  constructor(
    { varying, constant }: Domain,
    private readonly needed: readonly string[] = varying,
  ) {
    this.names = [...varying, ...Object.keys(constant)]
    const present = Object.keys(constant).filter((name) => constant[name] !== 0)
    this.seen = new Set([...varying, ...present])
  }

  /**
   * @throws {LetiError} `missing-feature` if the network lacks a feature that the predictor reads;
   *   `out-of-domain` if it has one that is absent or 0 in the training set
   */
  check(features: Features): void {
    if (this.isLikeTheLast(features)) return
    checkPresent(features, this.needed)
    for (const name in features) {
      if (features[name] === 0 || this.seen.has(name)) continue
      throw new LetiError(
        'out-of-domain',
        `feature "${name}" is ${features[name]}: it is 0 in all networks that the predictor was trained on`,
      )
    }
    this.last = Object.keys(features)
    this.known = this.last.map((name) => this.seen.has(name))
  }

  /** A fast path: comparing names is several times faster than looking them up. */
  private isLikeTheLast(features: Features): boolean {
    const { last, known } = this
    let index = 0
    for (const name in features) {
      if (name !== last[index] || !(known[index] || features[name] === 0)) return false
      index++
    }
    return index > 0 && index === last.length
  }
}

/** @throws {LetiError} `missing-feature` if the network lacks one of the features */
export function checkPresent(features: Features, needed: readonly string[]): void {
  for (const name of needed) {
    if (features[name] !== undefined) continue
    throw new LetiError('missing-feature', `feature "${name}" is missing: the predictor needs it`)
  }
}
