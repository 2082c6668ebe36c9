import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import { describeModel } from '../../index.js'
import { onnxBytes, type OnnxModel } from '../../onnx.fixture.js'
import { readOnnx } from './read.js'

const w = { shape: [4, 3], floats: new Float32Array(12).fill(0.5) }
const ROWS: OnnxModel = {
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], outputs: ['h'] },
    { op: 'Relu', inputs: ['h'], outputs: ['y'] },
  ],
  constants: { w },
  inputs: { x: [8, 4] },
  outputs: ['y'],
}

test('the description of a file that computes several inputs at once says how many', () => {
  const { network, batch } = readOnnx(onnxBytes(ROWS), 'rows')
  const described = describeModel({ written: network, executed: network, batch }, 'tfjs')
  expect(described).toMatchObject({ batch: 8, macs: 8 * 4 * 3 })
})

test('a file of a larger batch is read at batch 1 if asked', () => {
  const { network, batch } = readOnnx(onnxBytes(ROWS), 'rows', [1, 4])
  expect(batch).toBeUndefined()
  expect(networkCost(network).macs).toBe(4 * 3)
  const described = describeModel({ written: network, executed: network, batch }, 'tfjs')
  expect(described).not.toHaveProperty('batch')
})

test('a leading axis whose elements are mixed is no batch', () => {
  const attention: OnnxModel = {
    nodes: [
      { op: 'Transpose', inputs: ['x'], outputs: ['t'], attributes: { perm: [1, 0] } },
      { op: 'MatMul', inputs: ['x', 't'], outputs: ['y'] },
    ],
    inputs: { x: [8, 8] },
    outputs: ['y'],
  }
  expect(readOnnx(onnxBytes(attention), 'attention').batch).toBeUndefined()
})
