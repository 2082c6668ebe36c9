import { elements } from '@leti/network'
import { toHalf } from '../../weights/half.js'
import type { WeightType } from '../../weights/weights.js'
import type { BuiltinOperator, Graph, OptionValues, Tensor } from './graph.js'
import { TENSOR_TYPE, type BuiltinName } from '../schema.js'

/** Builds a graph tensor by tensor; every method that adds a tensor returns its index. */
export class GraphBuilder {
  private readonly tensors: Tensor[] = []
  private readonly operators: BuiltinOperator[] = []

  /** @param weightType how weights are stored */
  constructor(private readonly weightType: WeightType) {}

  /** A tensor that is computed, or fed. */
  tensor(name: string, shape: readonly number[]): number {
    return this.addTensor({ name, shape, type: TENSOR_TYPE.float32 })
  }

  /**
   * A constant of floats. In half precision it is stored as TensorFlow's converter does: a float16
   * tensor that a DEQUANTIZE makes float32, which runtimes and delegates fold.
   *
   * @param read its numbers, made when they are asked for
   */
  weights(name: string, shape: readonly number[], read: () => Float32Array): number {
    const size = elements(shape)
    if (this.weightType === 'float32') {
      const data = { bytes: 4 * size, read: () => bytesOf(read()) }
      return this.addTensor({ name, shape, type: TENSOR_TYPE.float32, data })
    }
    const data = { bytes: 2 * size, read: () => bytesOf(toHalf(read())) }
    const half = { name: `${name}/float16`, shape, type: TENSOR_TYPE.float16, data }
    const stored = this.addTensor(half)
    const single = this.tensor(name, shape)
    this.operator('DEQUANTIZE', [stored], single, {}, 3)
    return single
  }

  /** A constant argument of an operator. */
  integers(name: string, values: readonly number[], shape = [values.length]): number {
    const data = { bytes: 4 * values.length, read: () => bytesOf(Int32Array.from(values)) }
    return this.addTensor({ name, shape, type: TENSOR_TYPE.int32, data })
  }

  operator(
    builtin: BuiltinName,
    inputs: readonly number[],
    output: number,
    options: OptionValues = {},
    version = 1,
  ): void {
    this.operators.push({ builtin, version, inputs, outputs: [output], options })
  }

  build(inputs: readonly number[], outputs: readonly number[]): Graph {
    return { tensors: this.tensors, operators: this.operators, inputs, outputs }
  }

  private addTensor(tensor: Tensor): number {
    this.tensors.push(tensor)
    return this.tensors.length - 1
  }
}

/** The file is little-endian, as every machine is that runs Node. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
}
