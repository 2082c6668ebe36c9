import { onnxBytes, type OnnxModel, type OnnxNode, type Tensor } from '../../onnx.fixture.js'
import { feed } from '../../outputs.fixture.js'

// Small `.onnx` files: chains of operators, with random constants.

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

/** The name of an operator is prefixed with its domain, except for ONNX's own. */
type Step = [op: string, inputs: string[], attributes?: OnnxNode['attributes']]

/** Suffixes of the outputs of operators that have more than one. */
const OUTPUTS: Readonly<Record<string, readonly string[] | undefined>> = {
  DynamicQuantizeLinear: ['', '_scale', '_zero'],
  Split: ['', '_last'],
}

/** A file of these steps. Step `i` computes the tensor `ti`; the input is `x`. */
export function chain(
  steps: readonly Step[],
  constants: OnnxModel['constants'] = {},
  shape: readonly number[] = IMAGE,
  opset = 17,
): Uint8Array {
  const nodes = steps.map(([op, inputs, attributes], index) => ({
    op: op.slice(op.lastIndexOf('.') + 1),
    domain: op.slice(0, Math.max(op.lastIndexOf('.'), 0)),
    inputs,
    outputs: (OUTPUTS[op] ?? ['']).map((of) => `t${index}${of}`),
    attributes,
  }))
  const outputs = [`t${steps.length - 1}`]
  return onnxBytes({ nodes, constants, inputs: { x: shape }, outputs, opset })
}
