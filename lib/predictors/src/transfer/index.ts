import { LetiError, parseFeatureName, type Features, type Schema, type Static } from '@leti/records'
import { DOMAIN, domainOf, DomainCheck, type Domain } from '../domain.js'
import { isWorkCount } from '../feature-roles.js'
import { SAVED_MODEL, type FindKind, type PredictorKind, type Reference } from '../kind.js'
import { growthOf } from '../limits/growth.js'
import { LATENCY_SCALES, type Model } from '../model.js'
import type { Sample } from '../sample.js'
import { averaged } from './average.js'

/** A reference and its part in the sum. */
interface WeightedReference extends Reference {
  readonly weight: number
}

const TRANSFER = {
  type: 'object',
  description: "A non-negative sum of other devices' predictions and of a few count features.",
  required: ['intercept', 'references', 'counts', 'domain'],
  properties: {
    intercept: { type: 'number', description: 'ms.' },
    references: {
      type: 'array',
      description: 'Predictors of other devices.',
      items: {
        type: 'object',
        ...SAVED_MODEL,
        required: ['name', 'model', 'target', 'parameters', 'weight'],
        properties: {
          name: { type: 'string', description: 'Name of the predictor.' },
          model: { type: 'string', description: 'Its kind.' },
          target: { enum: LATENCY_SCALES, description: 'The scale on which it was fitted.' },
          parameters: { type: 'object', description: 'Parameters of the kind.' },
          weight: { type: 'number', description: 'The factor of its predictions.' },
        },
      },
    },
    counts: {
      type: 'object',
      description: 'ms per unit of each count feature.',
      additionalProperties: { type: 'number' },
    },
    domain: DOMAIN,
  },
} as const satisfies Schema

type TransferParameters = Static<typeof TRANSFER>

/** A non-negative sum of other devices' predictions and of a few count features. */
class TransferModel implements Model {
  readonly growth: number
  private readonly counts: readonly (readonly [name: string, cost: number])[]
  private readonly domainCheck: DomainCheck

  constructor(
    private readonly intercept: number,
    private readonly references: readonly WeightedReference[],
    private readonly costs: Record<string, number>,
    private readonly domain: Domain,
  ) {
    this.growth = growthOf(references)
    this.counts = Object.entries(costs)
    this.domainCheck = new DomainCheck(domain, Object.keys(costs))
  }

  get features(): readonly string[] {
    return [...this.domainCheck.names, ...this.references.flatMap(({ model }) => model.features)]
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

  schema: TRANSFER,

  fromJSON({ intercept, references, counts, domain }: TransferParameters, _latencyScale, findKind) {
    const loaded = references.map((reference) => loadReference(reference, findKind))
    return new TransferModel(intercept, loaded, counts, domain)
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

function loadReference(
  { name, weight, ...saved }: TransferParameters['references'][number],
  findKind: FindKind,
): WeightedReference {
  const { model, target, parameters } = saved
  return { name, weight, saved, model: findKind(model).fromJSON(parameters, target, findKind) }
}
