import type { Features } from '@leti/records'
import { finiteNumber, object } from '../checks.js'
import { domainOf, DomainCheck, toDomain, type Domain } from '../domain.js'
import { median } from '../linear-algebra.js'
import type { Model } from '../model.js'
import type { Sample } from '../sample.js'
import { forward, networkJson, toNetwork, type Graph, type Network } from './network.js'

/** How features become what a network reads. */
export interface Encoder {
  readonly graphOf: (features: Features) => Graph
  /** The features that it reads. */
  readonly needed: readonly string[]
  /** What a file holds of it. */
  readonly json: object
}

/** A network that predicts the logarithm of the latency. */
export class NeuralModel implements Model {
  private readonly domainCheck: DomainCheck

  /**
   * @param centre of the logarithms
   * @param spread of the logarithms: what the network gives is in it
   */
  constructor(
    private readonly network: Network,
    private readonly encoder: Encoder,
    private readonly centre: number,
    private readonly spread: number,
    private readonly domain: Domain,
  ) {
    this.domainCheck = new DomainCheck(domain, encoder.needed)
  }

  check(features: Features): void {
    this.domainCheck.check(features)
  }

  estimate(features: Features): number {
    return Math.exp(
      this.centre + this.spread * forward(this.network, this.encoder.graphOf(features)),
    )
  }

  toJSON(): object {
    const { centre, spread, domain, encoder, network } = this
    return { ...encoder.json, centre, spread, network: networkJson(network), domain }
  }
}

/** Trains a network; TensorFlow.js is loaded only now. */
export async function fitNeural(
  samples: readonly Sample[],
  encoder: Encoder,
  widths: readonly number[],
  seed: number,
): Promise<NeuralModel> {
  const { trainNetwork } = await import('@leti/predictors/neural')
  const logarithms = samples.map(({ latency_ms }) => Math.log(latency_ms))
  const centre = median(logarithms)
  const squares = logarithms.map((value) => (value - centre) ** 2)
  const spread = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length) || 1
  const graphs = samples.map(({ features }) => encoder.graphOf(features))
  const targets = logarithms.map((value) => (value - centre) / spread)
  const network = graphs[0].features.length
    ? await trainNetwork(graphs, targets, widths, seed)
    : { layers: [], head: new Float32Array(), offset: 0 }
  return new NeuralModel(network, encoder, centre, spread, domainOf(samples))
}

/**
 * @param inputs features of a vertex
 * @throws {LetiError} `usage` where the parameters are damaged
 */
export function toNeural(value: unknown, encoder: Encoder, inputs: number): NeuralModel {
  const parameters = object(value, 'parameters')
  return new NeuralModel(
    toNetwork(parameters.network, 'parameters.network', inputs),
    encoder,
    finiteNumber(parameters.centre, 'parameters.centre'),
    finiteNumber(parameters.spread, 'parameters.spread'),
    toDomain(parameters.domain, 'parameters.domain'),
  )
}
