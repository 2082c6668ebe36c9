import type { Features, Schema, Static } from '@leti/records'
import { DOMAIN, domainOf, DomainCheck, type Domain } from '../domain.js'
import { SATURATES } from '../limits/growth.js'
import { median } from '../linear-algebra.js'
import type { Model } from '../model.js'
import type { Sample } from '../sample.js'
import {
  forward,
  NETWORK,
  networkJson,
  toNeuralNetwork,
  type Graph,
  type NeuralNetwork,
} from './network.js'

/** The parameters of a neural network; an encoder has more members. */
export const NEURAL = {
  type: 'object',
  description: 'A neural network that predicts the logarithm of the latency.',
  required: ['centre', 'spread', 'network', 'domain'],
  properties: {
    centre: { type: 'number', description: 'Median log latency of the training set.' },
    spread: {
      type: 'number',
      description: "Standard deviation of the log latencies: the unit of the network's output.",
    },
    network: NETWORK,
    domain: DOMAIN,
  },
} as const satisfies Schema

export type NeuralParameters = Static<typeof NEURAL>

/** Converts features to the input of a neural network. */
export interface Encoder {
  readonly graphOf: (features: Features) => Graph
  /** Names of the features that it reads. */
  readonly needed: readonly string[]
  /** Its members in a predictor file. */
  readonly json: object
}

/** A neural network that predicts the logarithm of the latency. */
export class NeuralModel implements Model {
  readonly growth = SATURATES
  private readonly domainCheck: DomainCheck

  /**
   * @param center median log latency of the training set
   * @param spread standard deviation of the log latencies: the unit of the network's output
   */
  constructor(
    private readonly network: NeuralNetwork,
    private readonly encoder: Encoder,
    private readonly center: number,
    private readonly spread: number,
    private readonly domain: Domain,
  ) {
    this.domainCheck = new DomainCheck(domain, encoder.needed)
  }

  get features(): readonly string[] {
    return this.domainCheck.names
  }

  check(features: Features): void {
    this.domainCheck.check(features)
  }

  estimate(features: Features): number {
    return Math.exp(
      this.center + this.spread * forward(this.network, this.encoder.graphOf(features)),
    )
  }

  toJSON(): NeuralParameters {
    const { center, spread, domain, encoder, network } = this
    return { ...encoder.json, centre: center, spread, network: networkJson(network), domain }
  }
}

/**
 * Trains a neural network. TensorFlow.js is loaded only here, since prediction does not need it.
 *
 * @param widths outputs of each layer
 */
export async function fitNeural(
  samples: readonly Sample[],
  encoder: Encoder,
  widths: readonly number[],
  seed: number,
): Promise<NeuralModel> {
  const { trainNetwork } = await import('@leti/predictors/neural')
  const logarithms = samples.map(({ latency_ms }) => Math.log(latency_ms))
  const center = median(logarithms)
  const squares = logarithms.map((value) => (value - center) ** 2)
  const spread = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length) || 1
  const graphs = samples.map(({ features }) => encoder.graphOf(features))
  const targets = logarithms.map((value) => (value - center) / spread)
  const network = graphs[0].features.length
    ? await trainNetwork(graphs, targets, widths, seed)
    : { layers: [], head: new Float32Array(), offset: 0 }
  return new NeuralModel(network, encoder, center, spread, domainOf(samples))
}

/**
 * @param inputs number of features per vertex
 * @throws {LetiError} `usage` if the parameters are damaged
 */
export function toNeural(
  { network, centre, spread, domain }: NeuralParameters,
  encoder: Encoder,
  inputs: number,
): NeuralModel {
  return new NeuralModel(toNeuralNetwork(network, inputs), encoder, centre, spread, domain)
}
