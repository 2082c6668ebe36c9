import { LetiError, type Features } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { domainOf, DomainCheck, toDomain, type Domain } from '../domain.js'
import { KIND_NAMES, KINDS, type KindName } from '../kinds/index.js'
import {
  TARGETS,
  type Kind,
  type Model,
  type Reference,
  type Sample,
  type Target,
} from '../model.js'
import { averaged } from './average.js'

/** A few counts make up for what no reference knows. */
const COUNT =
  /^(kernel|pruned|executed|path)_(conv2d|depthwise_conv2d|max_pool|avg_pool|add|concat)_?\w*_count$/

interface WeightedReference extends Reference {
  readonly weight: number
}

interface TransferParameters {
  /** ms */
  readonly intercept: number
  readonly references: readonly WeightedReference[]
  /** What one of each costs, ms. */
  readonly counts: Readonly<Record<string, number>>
  readonly domain: Domain
}

/** A non-negative sum of other devices' predictions and of a few counts. */
class TransferModel implements Model {
  private readonly models: readonly { readonly weight: number; readonly model: Model }[]
  private readonly counts: readonly (readonly [name: string, cost: number])[]
  private readonly domain: DomainCheck

  constructor(private readonly parameters: TransferParameters) {
    this.models = parameters.references.map(({ weight, ...reference }) => ({
      weight,
      model: modelOf(reference),
    }))
    this.counts = Object.entries(parameters.counts)
    this.domain = new DomainCheck(parameters.domain, Object.keys(parameters.counts))
  }

  check(features: Features): void {
    for (const { model } of this.models) model.check(features)
    // What the references know may be new among a handful of samples.
    if (!this.models.length) this.domain.check(features)
  }

  estimate(features: Features): number {
    let sum = this.parameters.intercept
    for (const { weight, model } of this.models) sum += weight * positive(model.estimate(features))
    for (const [name, cost] of this.counts) sum += cost * features[name]
    return sum
  }

  toJSON(): TransferParameters {
    return this.parameters
  }
}

/** Few samples of a new device, and predictors of other devices. */
export const transfer: Kind = {
  summary: 'a sum of the predictions of --reference predictors, for 5 to 50 measurements',

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { references = [] }) {
    if (!references.length) throw new LetiError('usage', 'transfer needs predictors: --reference')
    return fitTransfer(samples, references)
  },

  fromJSON(value) {
    const parameters = object(value, 'parameters')
    const counts = object(parameters.counts, 'parameters.counts')
    for (const name in counts) finiteNumber(counts[name], `parameters.counts.${name}`)
    return new TransferModel({
      intercept: finiteNumber(parameters.intercept, 'parameters.intercept'),
      references: list(parameters.references, 'parameters.references').map(toReference),
      counts: counts as Record<string, number>,
      domain: toDomain(parameters.domain, 'parameters.domain'),
    })
  },
}

function fitTransfer(samples: readonly Sample[], references: readonly Reference[]): TransferModel {
  const domain = domainOf(samples)
  const named = domain.varying.filter((name) => COUNT.test(name))
  const { intercept, ...weights } = averaged({
    references: references.map((reference) => {
      const model = modelOf(reference)
      return Float64Array.from(samples, ({ features }) => positive(model.estimate(features)))
    }),
    counts: named.map((name) => Float64Array.from(samples, ({ features }) => features[name])),
    latencies: Float64Array.from(samples, ({ latency_ms }) => latency_ms),
  })
  const weighted = references.map((reference, i) => ({
    ...reference,
    weight: weights.references[i],
  }))
  const counts = named.map((name, i) => [name, weights.counts[i]] as const)
  return new TransferModel({
    intercept,
    references: weighted.filter(({ weight }) => weight > 0),
    counts: Object.fromEntries(counts.filter(([, cost]) => cost > 0)),
    domain,
  })
}

function modelOf({ model, target, parameters }: Reference): Model {
  return KINDS[model as KindName].fromJSON(parameters, target)
}

/** A reference far from its training may say anything. */
function positive(latency: number): number {
  return latency > 0 ? latency : 0
}

function toReference(value: unknown, index: number): WeightedReference {
  const place = `parameters.references[${index}]`
  const reference = object(value, place)
  return {
    name: text(reference.name, `${place}.name`),
    model: oneOf(reference.model, `${place}.model`, KIND_NAMES),
    target: oneOf<Target>(reference.target, `${place}.target`, TARGETS),
    parameters: object(reference.parameters, `${place}.parameters`),
    weight: finiteNumber(reference.weight, `${place}.weight`),
  }
}
