import { elements } from '@leti/network'
import { toHalf } from '../../weights/half.js'
import type { WeightType } from '../../weights/weights.js'
import type { BuiltinOperator, Graph, OptionValues, Tensor } from './graph.js'
import { TENSOR_TYPE, type BuiltinName } from '../schema.js'

/** Floats, whole or in pieces. */
type Numbers = Float32Array | Iterable<Float32Array>

/** Builds a graph. Every method that adds a tensor returns the tensor's number. */
export class GraphBuilder {
  private readonly tensors: Tensor[] = []
  private readonly operators: BuiltinOperator[] = []
  private readonly shared = new Map<string, number>()

  /** @param weightType how weights are stored in the file */
  constructor(private readonly weightType: WeightType) {}

  /** Adds a tensor that an operator computes, or an input of the model. */
  tensor(name: string, shape: readonly number[]): number {
    return this.addTensor({ name, shape, type: TENSOR_TYPE.float32 })
  }

  /**
   * Adds a constant of floats. Half precision is stored as TensorFlow's converter does it: a float16
   * tensor, and a DEQUANTIZE that runtimes and delegates fold.
   *
   * @param read makes the numbers, all or in pieces
   */
  weights(name: string, shape: readonly number[], read: () => Numbers): number {
    const size = elements(shape)
    if (this.weightType === 'float32') {
      const data = { bytes: 4 * size, read: () => piecesOf(read(), bytesOf) }
      return this.addTensor({ name, shape, type: TENSOR_TYPE.float32, data })
    }
    const data = {
      bytes: 2 * size,
      read: () => piecesOf(read(), (numbers) => bytesOf(toHalf(numbers))),
    }
    const half = { name: `${name}/float16`, shape, type: TENSOR_TYPE.float16, data }
    const stored = this.addTensor(half)
    const single = this.tensor(name, shape)
    this.operator('DEQUANTIZE', [stored], single, {}, 3)
    return single
  }

  /** The tensor that several operators share: made when it is first asked for. */
  once(key: string, make: () => number): number {
    const tensor = this.shared.get(key) ?? make()
    this.shared.set(key, tensor)
    return tensor
  }

  /** Adds a number that an operator takes as an argument; it is float32 whatever the weights are. */
  float(name: string, value: number): number {
    const data = { bytes: 4, read: () => [bytesOf(Float32Array.of(value))] }
    return this.addTensor({ name, shape: [1], type: TENSOR_TYPE.float32, data })
  }

  /** Adds a constant argument of an operator. */
  integers(name: string, values: readonly number[], shape = [values.length]): number {
    const data = { bytes: 4 * values.length, read: () => [bytesOf(Int32Array.from(values))] }
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

function* piecesOf(
  numbers: Numbers,
  bytes: (piece: Float32Array) => Uint8Array,
): Generator<Uint8Array> {
  const pieces = numbers instanceof Float32Array ? [numbers] : numbers
  for (const piece of pieces) yield bytes(piece)
}

/** The file is little-endian, and so is every machine that runs Node. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
}
