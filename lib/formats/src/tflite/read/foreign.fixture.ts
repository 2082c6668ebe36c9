import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { convertModel, readModel } from '../../index.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs } from '../../tfjs.fixture.js'
import { GraphBuilder } from '../write/graph-builder.js'
import type { Graph } from '../write/graph.js'
import { writeTflite } from '../write/files.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

type Shape = readonly number[]

/** A graph that `add` builds on its input; `add` returns the output's tensor. */
export function graph(shape: Shape, add: (builder: GraphBuilder, input: number) => number): Graph {
  const builder = new GraphBuilder('float32')
  const input = builder.tensor('input', shape)
  return builder.build([input], [add(builder, input)])
}

let constants = 0

/** A constant of seeded floats. */
export function weights(builder: GraphBuilder, shape: Shape): number {
  const size = shape.reduce((product, length) => product * length, 1)
  return builder.weights(`weights${++constants}`, shape, () => feed(size, size))
}

/** An operator with arguments that are constants of integers. */
export function withIntegers(
  name: Parameters<GraphBuilder['operator']>[0],
  shape: Shape,
  output: Shape,
  args: readonly (readonly number[])[],
  options: Record<string, number> = {},
): Graph {
  return graph(shape, (builder, input) => {
    const result = builder.tensor('output', output)
    const tensors = args.map((values, index) => builder.integers(`argument${index}`, values))
    builder.operator(name, [input, ...tensors], result, options)
    return result
  })
}

/**
 * Reads a graph, writes its network in both formats, and expects no unknown operator and the outputs of
 * LiteRT.
 */
export async function expectReadAlike(of: Graph, name: string): Promise<void> {
  const { path } = await writeTflite(of, join(folder, 'foreign'), name)
  const original = await runInLiteRt(readFileSync(path), feed)
  const { network } = await readModel(path)
  expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
  const again = await convertModel(path, 'tflite', join(folder, 'again'))
  const { values } = await runInLiteRt(readFileSync(again.path), feed)
  expectAlike(values, original.values, 1e-6)
  const tfjs = await convertModel(path, 'tfjs', join(folder, 'again'))
  expectAlike(await runInTfjs(tfjs.path, 'cpu', feed), original.values, 1e-5)
}
