import { expect, it } from 'vitest'
import { designOf, equalShares, rowOf } from '../design.js'
import type { Sample } from '../sample.js'
import { synthetic } from '../synthetic.fixture.js'
import { gcn } from './gcn.js'
import { graphOf, layoutOf } from './graph.js'
import { fitNeural, toNeural, type Encoder, type NeuralParameters } from './model.js'
import { pointOf } from './network.js'

const NAMES = ['graph_edge_0_1', 'graph_edge_0_2', 'graph_edge_1_2']
const OPERATIONS = ['input', 'conv', 'pool', 'output']

/** Chains of three vertices; the middle one costs 1 or 3 ms, or is bypassed. */
function chains(): Sample[] {
  return ['conv', 'pool', undefined].flatMap((operation) =>
    Array.from({ length: 3 }, (_, i) => {
      const features: Record<string, number> = { macs: operation === 'conv' ? 100 : 0 }
      for (const name of NAMES) features[name] = 1
      if (!operation) features.graph_edge_0_1 = features.graph_edge_1_2 = 0
      for (let vertex = 0; vertex < 3; vertex++) {
        for (const name of OPERATIONS) features[`graph_vertex_${vertex}_${name}`] = 0
      }
      features.graph_vertex_0_input = features.graph_vertex_2_output = 1
      if (operation) features[`graph_vertex_1_${operation}`] = 1
      const latency_ms = operation === 'conv' ? 3 : operation === 'pool' ? 1 : 0.5
      return { id: `${operation ?? 'none'}-${i}`, features, latency_ms }
    }),
  )
}

const layout = layoutOf(Object.keys(chains()[0].features))
const encoder: Encoder = {
  graphOf: (features) => graphOf(features, layout),
  needed: NAMES,
  json: {},
}

it('builds a graph from features, the global vertex first', () => {
  const { count, features, sources } = graphOf(chains()[0].features, layout)
  expect(count).toBe(4)
  expect(sources).toEqual([[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]])
  expect([...features]).toEqual(
    [
      [0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0],
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
    ].flat(),
  )
})

it('learns graphs; the same seed gives the same network, and loading it again the same predictions', async () => {
  const samples = chains()
  const model = await fitNeural(samples, encoder, [64, 64], 1)
  for (const { features, latency_ms } of samples) {
    expect(Math.abs(model.estimate(features) / latency_ms - 1)).toBeLessThan(0.05)
  }
  const json = JSON.stringify(model)
  expect(JSON.stringify(await fitNeural(samples, encoder, [64, 64], 1))).toBe(json)
  expect(JSON.stringify(await fitNeural(samples, encoder, [64, 64], 2))).not.toBe(json)
  const reloaded = toNeural(JSON.parse(json) as NeuralParameters, encoder, OPERATIONS.length + 1)
  expect(JSON.stringify(reloaded)).toBe(json)
  for (const { features } of samples) {
    expect(reloaded.estimate(features)).toBe(model.estimate(features))
  }
})

it('learns features without a graph', async () => {
  const samples = synthetic(10, 0)
  const names = Object.keys(samples[0].features).filter((name) => name.endsWith('_count'))
  const point: Encoder = {
    graphOf: (features) => pointOf(Float32Array.from(names, (name) => features[name] / 12)),
    needed: names,
    json: {},
  }
  const model = await fitNeural(samples, point, [64, 64], 0)
  const errors = samples.map(({ features, latency_ms }) =>
    Math.abs(model.estimate(features) / latency_ms - 1),
  )
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.1)
})

it('refuses records without the features of a graph', async () => {
  await expect(gcn.fit(synthetic(10, 0), { latencyScale: 'linear', seed: 0 })).rejects.toThrow(
    /the set "graph"/,
  )
})

it('refuses damaged weights', () => {
  const layers = [{ weights: 'AAAA', bias: '', scale: '', shift: '' }]
  const network = { layers, head: '', offset: 0 }
  const domain = { varying: [], constant: {} }
  const parameters = { centre: 0, spread: 1, network, domain }
  expect(() => toNeural(parameters, encoder, 5)).toThrow(/network.layers\[0\].weights/)
})

it('trains on hostile samples, and its numbers read back', async () => {
  const ends = synthetic(12, 0).map((sample, i) => ({ ...sample, latency_ms: i % 2 ? 1e9 : 1e-6 }))
  const huge = synthetic(12, 0).map(({ features, ...sample }, i) => ({
    ...sample,
    latency_ms: 3,
    features: { ...features, macs: i ? features.macs : 1e18 },
  }))
  for (const samples of [ends, huge]) {
    const { scalings } = designOf(samples, ['macs', 'bytes'], 'linear', equalShares(samples))
    const standardized: Encoder = {
      graphOf: (features) => pointOf(Float32Array.from(rowOf(features, scalings, 'linear'))),
      needed: ['macs', 'bytes'],
      json: { scalings },
    }
    const json = JSON.stringify(await fitNeural(samples, standardized, [4, 4], 0))
    const read = toNeural(JSON.parse(json) as NeuralParameters, standardized, 2)
    const estimates = samples.map(({ features }) => read.estimate(features))
    expect(estimates.filter((latency) => latency > 0 && latency < Infinity)).toHaveLength(12)
  }
})
