import { LetiError, parseFeatureName, type Features } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { domainOf, DomainCheck, toDomain, type Domain } from '../domain.js'
import { isWorkCount } from '../feature-roles.js'
import type { FindKind, PredictorKind, Reference, SavedModel } from '../kind.js'
import { LATENCY_SCALES, type Model } from '../model.js'
import type { Sample } from '../sample.js'
import { averaged } from './average.js'

/** A reference and its part in the sum. */
interface WeightedReference extends Reference {
  readonly weight: number
}

interface TransferParameters {
  /** ms */
  readonly intercept: number
  readonly references: readonly (SavedModel & { readonly name: string; readonly weight: number })[]
  /** ms per unit of each count feature. */
  readonly counts: Readonly<Record<string, number>>
  readonly domain: Domain
}

/** A non-negative sum of other devices' predictions and of a few count features. */
class TransferModel implements Model {
  private readonly counts: readonly (readonly [name: string, cost: number])[]
  private readonly domainCheck: DomainCheck

  constructor(
    private readonly intercept: number,
    private readonly references: readonly WeightedReference[],
    private readonly costs: Readonly<Record<string, number>>,
    private readonly domain: Domain,
  ) {
    this.counts = Object.entries(costs)
    this.domainCheck = new DomainCheck(domain, Object.keys(costs))
  }

  check(features: Features): void {
    for (const { model } of this.references) model.check(features)
    // The references know more networks than the few samples do: their own checks suffice.
    if (!this.references.length) this.domainCheck.check(features)
  }

  estimate(features: Features): number {
    let sum = this.intercept
    for (const { weight, model } of this.references) {
      sum += weight * positive(model.estimate(features))
    }
    for (const [name, cost] of this.counts) sum += cost * features[name]
    return sum
  }

  toJSON(): TransferParameters {
    return {
      intercept: this.intercept,
      references: this.references.map(({ name, saved, weight }) => ({ name, ...saved, weight })),
      counts: this.costs,
      domain: this.domain,
    }
  }
}

/** Learns a new device from a few samples (5 to 50) and from predictors of other devices. */
export const transfer: PredictorKind = {
  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { references = [] }) {
    if (!references.length) {
      throw new LetiError(
        'usage',
        'transfer needs predictors of other devices: add --reference FILE',
      )
    }
    return fitTransfer(samples, references)
  },

  fromJSON(value, _latencyScale, findKind) {
    const parameters = object(value, 'parameters')
    const counts = object(parameters.counts, 'parameters.counts')
    for (const name in counts) finiteNumber(counts[name], `parameters.counts.${name}`)
    return new TransferModel(
      finiteNumber(parameters.intercept, 'parameters.intercept'),
      list(parameters.references, 'parameters.references').map((reference, index) =>
        toReference(reference, `parameters.references[${index}]`, findKind),
      ),
      counts as Record<string, number>,
      toDomain(parameters.domain, 'parameters.domain'),
    )
  },
}

function fitTransfer(samples: readonly Sample[], references: readonly Reference[]): TransferModel {
  const domain = domainOf(samples)
  // A few counts make up for what no reference knows.
  const names = domain.varying.filter(isCount)
  const { intercept, ...weights } = averaged({
    references: references.map(({ model }) =>
      Float64Array.from(samples, ({ features }) => positive(model.estimate(features))),
    ),
    counts: names.map((name) => Float64Array.from(samples, ({ features }) => features[name])),
    latencies: Float64Array.from(samples, ({ latency_ms }) => latency_ms),
  })
  const weighted = references.map((reference, i) => ({
    ...reference,
    weight: weights.references[i],
  }))
  const costs = names.map((name, i) => [name, weights.counts[i]] as const)
  return new TransferModel(
    intercept,
    weighted.filter(({ weight }) => weight > 0),
    Object.fromEntries(costs.filter(([, cost]) => cost > 0)),
    domain,
  )
}

const SCOPES = ['kernel', 'pruned', 'executed', 'path']

function isCount(name: string): boolean {
  const feature = parseFeatureName(name)
  return isWorkCount(feature) && SCOPES.includes(feature.scope ?? '')
}

/** Far from its training, a reference may predict a latency below 0. */
function positive(latency: number): number {
  return latency > 0 ? latency : 0
}

function toReference(value: unknown, place: string, findKind: FindKind): WeightedReference {
  const reference = object(value, place)
  const kind = findKind(reference.model, `${place}.model`)
  const saved = {
    model: reference.model as string,
    target: oneOf(reference.target, `${place}.target`, LATENCY_SCALES),
    parameters: object(reference.parameters, `${place}.parameters`),
  }
  return {
    name: text(reference.name, `${place}.name`),
    model: kind.fromJSON(saved.parameters, saved.target, findKind),
    saved,
    weight: finiteNumber(reference.weight, `${place}.weight`),
  }
}
