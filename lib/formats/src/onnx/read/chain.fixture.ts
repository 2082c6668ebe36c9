import { onnxBytes, type OnnxModel, type OnnxNode, type Tensor } from '../../onnx.fixture.js'
import { feed } from '../../outputs.fixture.js'

// Small `.onnx` files, of one operator after the other.

export const IMAGE = [1, 6, 8, 10]
export const TOKENS = [1, 5, 6]

let seed = 0
export function floats(...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return { shape, floats: feed(++seed, size) }
}

export function positive(...shape: number[]): Tensor {
  return { shape, floats: (floats(...shape).floats as Float32Array).map((of) => of * of + 0.1) }
}

export const ints = (...values: number[]): Tensor => ({ shape: [values.length], ints: values })

export const scalar = (value: number): Tensor => ({ shape: [], floats: Float32Array.of(value) })

type Step = [op: string, inputs: string[], attributes?: OnnxNode['attributes']]

/** Operators that give more than one tensor. */
const OUTPUTS: Readonly<Record<string, readonly string[] | undefined>> = {
  DynamicQuantizeLinear: ['', '_scale', '_zero'],
  Split: ['', '_last'],
}

/** Steps that each give the tensor that is named after their place: `t0`, `t1`, ... */
export function chain(
  steps: readonly Step[],
  constants: OnnxModel['constants'] = {},
  shape: readonly number[] = IMAGE,
  opset = 17,
): Uint8Array {
  const nodes = steps.map(([op, inputs, attributes], index) => ({
    op,
    inputs,
    outputs: (OUTPUTS[op] ?? ['']).map((of) => `t${index}${of}`),
    attributes,
  }))
  const outputs = [`t${steps.length - 1}`]
  return onnxBytes({ nodes, constants, inputs: { x: shape }, outputs, opset })
}
