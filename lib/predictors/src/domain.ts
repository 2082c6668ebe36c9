import { LetiError, type Features } from '@leti/records'
import { finiteNumber, list, object, text } from './checks.js'
import type { Sample } from './sample.js'

/** The features that a predictor was trained on: what it can tell from what it never saw. */
export interface Domain {
  /** Features that had several values. */
  readonly varying: readonly string[]
  /** Features with one value in all of the training, which is known but explains nothing. */
  readonly constant: Features
}

/** Differences below this part of a feature's size are rounding. */
const ROUNDING = 1e-9

export function domainOf(samples: readonly Sample[]): Domain {
  const varying: string[] = []
  const constant: Features = {}
  for (const name of Object.keys(samples[0].features)) {
    let min = Infinity
    let max = -Infinity
    for (const { features } of samples) {
      min = Math.min(min, features[name])
      max = Math.max(max, features[name])
    }
    if (max - min > ROUNDING * Math.max(Math.abs(min), Math.abs(max))) varying.push(name)
    else constant[name] = samples[0].features[name]
  }
  return { varying, constant }
}

/** Tells whether the features of a network are those that a predictor knows. */
export class DomainCheck {
  private readonly seen: ReadonlySet<string>
  /** The names of the last network that was checked one by one: the next ones mostly have the same. */
  private names: readonly string[] = []
  private known: readonly boolean[] = []

  /** @param needed the features that the predictor reads */
  constructor(
    { varying, constant }: Domain,
    private readonly needed: readonly string[] = varying,
  ) {
    const present = Object.keys(constant).filter((name) => constant[name] !== 0)
    this.seen = new Set([...varying, ...present])
  }

  /** @throws {LetiError} `missing-feature` or `out-of-domain` */
  check(features: Features): void {
    if (this.isLikeTheLast(features)) return
    for (const name of this.needed) {
      if (features[name] === undefined) {
        throw new LetiError('missing-feature', `no feature "${name}", which the predictor needs`)
      }
    }
    for (const name in features) {
      if (features[name] === 0 || this.seen.has(name)) continue
      throw new LetiError(
        'out-of-domain',
        `feature "${name}" is ${features[name]}: the predictor was trained on no network that has it`,
      )
    }
    this.names = Object.keys(features)
    this.known = this.names.map((name) => this.seen.has(name))
  }

  /** Comparing names is several times as fast as looking them up. */
  private isLikeTheLast(features: Features): boolean {
    const { names, known } = this
    let index = 0
    for (const name in features) {
      if (name !== names[index] || !(known[index] || features[name] === 0)) return false
      index++
    }
    return index > 0 && index === names.length
  }
}

/** @throws {LetiError} `usage` where the value is no domain */
export function toDomain(value: unknown, place: string): Domain {
  const domain = object(value, place)
  const constant = object(domain.constant, `${place}.constant`)
  for (const name in constant) finiteNumber(constant[name], `${place}.constant.${name}`)
  const varying = list(domain.varying, `${place}.varying`)
  return {
    varying: varying.map((name, i) => text(name, `${place}.varying[${i}]`)),
    constant: constant as Features,
  }
}
