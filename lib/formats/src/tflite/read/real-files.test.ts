import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { convertModel, readModel } from '../../index.js'
import { readTflite } from './read.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { mediapipeFile } from '../../mediapipe.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs } from '../../tfjs.fixture.js'

// Files from npm packages of Google, written by several generations of the converter. LiteRT.js runs all
// of them, even the custom operator of the segmenters.

const out = mkdtempSync(join(tmpdir(), 'leti-test-'))

/**
 * MACs and parameters of the convolutions. An independent program counted them from the shapes of the
 * tensors: a short Python script that uses the package `tflite` from PyPI.
 */
const MODELS = [
  {
    folder: 'selfie_segmentation',
    model: 'selfie_segmentation',
    macs: 59_215_744,
    parameters: 106_401,
  },
  {
    folder: 'selfie_segmentation',
    model: 'selfie_segmentation_landscape',
    macs: 33_324_928,
    parameters: 106_401,
  },
  {
    folder: 'face_detection',
    model: 'face_detection_short_range',
    macs: 30_760_960,
    parameters: 101_390,
  },
  {
    folder: 'face_detection',
    model: 'face_detection_full_range',
    macs: 105_671_232,
    parameters: 514_069,
  },
  {
    folder: 'face_detection',
    model: 'face_detection_full_range_sparse',
    macs: 117_188_352,
    parameters: 508_308,
  },
] as const

describe.each(MODELS)('$model', ({ folder, model, macs, parameters }) => {
  const path = mediapipeFile(folder, model)

  test('has the right shapes, MACs and parameters', async () => {
    const { network } = await readModel(path)
    const { inputs, outputs } = await runInLiteRt(readFileSync(path), feed)
    const inputNodes = network.nodes.filter(({ operator }) => operator.type === 'input')
    expect(inputNodes.map(({ shape }) => [1, ...shape])).toEqual(
      inputs.map(({ shape }) => [...shape]),
    )
    expect(network.outputs.map((output) => [1, ...network.nodes[output].shape])).toEqual(
      outputs.map(({ shape }) => [...shape]),
    )
    expect(networkCost(network)).toMatchObject({ macs, parameters })
    expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
    // Every operator has the shape that the file states.
    expect(network.nodes.filter(({ name }) => name.endsWith('/shape'))).toEqual([])
  })

  test('computes the same after it is written as .tflite and as tfjs', async () => {
    const original = await runInLiteRt(readFileSync(path), feed)
    const again = await convertModel(path, 'tflite', out)
    const { values } = await runInLiteRt(readFileSync(again.path), feed)
    expectAlike(values, original.values, 1e-5)
    const tfjs = await convertModel(path, 'tfjs', out)
    expectAlike(await runInTfjs(tfjs.path, 'wasm', feed), original.values, 1e-4)
  })
})

test('a custom operator is not taken for a builtin operator of the same name', () => {
  const bytes = readFileSync(mediapipeFile('selfie_segmentation', 'selfie_segmentation'))
  const at = bytes.indexOf('Convolution2DTransposeBias')
  bytes.writeUInt32LE('RELU'.length, at - 4)
  bytes.write('RELU\0', at)
  const { network } = readTflite(bytes, 'renamed')
  const unknown = network.nodes.filter(({ operator }) => operator.type === 'unknown')
  expect(unknown.map(({ operator }) => operator)).toMatchObject([{ name: 'RELU' }])
})

test('an unknown operator is kept by its name and shape', () => {
  const bytes = readFileSync(mediapipeFile('selfie_segmentation', 'selfie_segmentation'))
  const name = 'Convolution2DTransposeBias'
  bytes.write('X', bytes.indexOf(name))
  const { network } = readTflite(bytes, 'renamed')
  const unknown = network.nodes.filter(({ operator }) => operator.type === 'unknown')
  expect(unknown).toHaveLength(1)
  expect(unknown[0].operator).toMatchObject({ name: `X${name.slice(1)}` })
  expect(unknown[0].shape).toEqual([256, 256, 1])
  // A custom operator may have any name.
  expect(unknown[0].name).not.toMatch(/_\d$/)
  // The rest of the network is unchanged. The filter still counts as parameters; the bias is one number, which
  // may be a part of the architecture.
  expect(networkCost(network).parameters).toBe(MODELS[0].parameters - 1)
  expect(network.nodes.at(-1)).toMatchObject({ operator: { type: 'sigmoid' } })
})
