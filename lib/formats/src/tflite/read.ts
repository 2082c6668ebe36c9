import { elements, NetworkBuilder, sameShape, type Activation } from '@leti/network'
import { asLetiError, LetiError } from '@leti/records'
import type { ReadModel } from '../read/read-model.js'
import { withoutBatch } from '../read/axes.js'
import { floatConstant, integerConstant, refuseQuantised, type FloatConstant } from './constants.js'
import { damaged } from './flatbuffer.js'
import { liveNetwork } from '../read/live-network.js'
import { uniqueNames } from '../read/names.js'
import type { KnownOperator, Tensors } from './operators/arguments.js'
import { knownOperator } from './operators/known-operators.js'
import { parseTflite, type ParsedModel, type ParsedOperator, type ParsedTensor } from './parse.js'
import { ACTIVATIONS, TENSOR_TYPE } from './schema.js'

/**
 * Reads a `.tflite` file: its main graph at batch 1. Constants in half precision or sparse are taken
 * for what they stand for; an operator that LETI does not know is kept by its name and shapes.
 *
 * @param bytes kept as long as the weights are wanted
 * @param name of the network
 * @throws {LetiError} `bad-model` where the file is damaged, `unsupported` where it is not of floats
 */
export function readTflite(bytes: Uint8Array, name: string): ReadModel {
  return new Reader(parseTflite(bytes)).read(name)
}

class Reader implements Tensors {
  private readonly builder = new NetworkBuilder()
  private readonly nameOf = uniqueNames()
  /** The node of each tensor that has one. */
  private readonly nodes = new Map<number, number>()
  private readonly computed = new Set<number>()
  /** The constants of floats, those that the file computes from others included. */
  private readonly constants = new Map<number, FloatConstant>()
  /** By the name of the node and the role. */
  private readonly weights = new Map<string, () => Float32Array>()

  constructor(private readonly model: ParsedModel) {}

  read(name: string): ReadModel {
    const { tensors, inputs, operators, outputs } = this.model
    tensors.forEach((tensor, index) => {
      const constant = floatConstant(tensor)
      if (constant) this.constants.set(index, constant)
    })
    for (const index of inputs) this.addInput(index)
    for (const op of operators) this.addOperator(op)
    const network = this.builder.build(name, ...outputs.map((index) => this.activation(index)))
    const { weights } = this
    return {
      network: liveNetwork(network),
      weights: (node, role) => {
        const values = weights.get(`${node}/${role}`)
        if (!values) throw new LetiError('bad-model', `the file has no ${role} for ${node}`)
        return values()
      },
    }
  }

  tensor(index: number): ParsedTensor {
    return this.model.tensors[index]
  }

  floats(index: number): FloatConstant | undefined {
    return this.constants.get(index)
  }

  integers(index: number): readonly number[] | undefined {
    return integerConstant(this.tensor(index))
  }

  private addInput(index: number): void {
    const { name, shape, type } = this.tensor(index)
    refuseQuantised(this.tensor(index))
    if (type !== TENSOR_TYPE.float32 || elements(shape) === 0) {
      throw new LetiError('unsupported', `the input ${name} is none of float32 of a fixed shape`)
    }
    this.nodes.set(
      index,
      this.builder.add(this.nameOf(name), { type: 'input', shape: withoutBatch(shape) }),
    )
  }

  private addOperator(op: ParsedOperator): void {
    for (const index of [...op.inputs, ...op.outputs]) {
      if (index >= 0) refuseQuantised(this.tensor(index))
    }
    for (const index of op.outputs) {
      if (this.computed.has(index)) throw damaged(`tensor ${index} is computed twice`)
      this.computed.add(index)
    }
    if (op.outputs.length === 0 || this.isConstant(op)) return
    const name = this.nameOf(this.tensor(op.outputs[0]).name)
    const known = this.readsFloats(op) ? knownOperator(op, this) : undefined
    if (!known || !this.addKnown(name, op, known)) this.addUnknown(name, op)
  }

  /** Takes note of constants that are stored in half precision, or sparse. */
  private isConstant({ name, isCustom, inputs, outputs }: ParsedOperator): boolean {
    if (isCustom || (name !== 'DEQUANTIZE' && name !== 'DENSIFY')) return false
    const constant = inputs.length > 0 && inputs[0] >= 0 ? this.floats(inputs[0]) : undefined
    if (!constant) return false
    const { shape } = this.tensor(outputs[0])
    if (!sameShape(constant.shape, shape)) throw damaged(`${name} changes a shape`)
    this.constants.set(outputs[0], constant)
    return true
  }

  /** Whether its first output, and all inputs that are computed, are of float32. */
  private readsFloats({ inputs, outputs }: ParsedOperator): boolean {
    const isFloat = (index: number): boolean => this.tensor(index).type === TENSOR_TYPE.float32
    return (
      isFloat(outputs[0]) &&
      inputs.every((index) => index < 0 || !this.nodes.has(index) || isFloat(index))
    )
  }

  /**
   * Whether it has been added: false where it does not take its inputs, or gives another count of
   * elements than the file says. Of what it gives in another shape the file's is made.
   */
  private addKnown(
    name: string,
    { outputs, options }: ParsedOperator,
    known: KnownOperator,
  ): boolean {
    const tensor = this.tensor(outputs[0])
    const activation = ACTIVATIONS[options.fused_activation_function ?? 0]
    if (!activation && options.fused_activation_function) return false
    const shape = withoutBatch(tensor.shape)
    try {
      const inputs = known.inputs.map((index, input) =>
        this.inShape(`${name}/input`, this.activation(index), known.inputShapes?.[input]),
      )
      let node = this.builder.add(name, known.operator, ...inputs)
      node = this.inShape(`${name}/shape`, node, shape)
      if (activation) node = this.activated(name, node, activation)
      this.nodes.set(outputs[0], node)
    } catch (error) {
      if (asLetiError(error)?.code !== 'bad-arch') throw error
      return false
    }
    if (known.filter) this.weights.set(`${name}/filter`, known.filter)
    if (known.bias) this.weights.set(`${name}/bias`, known.bias)
    return true
  }

  /** The node's value in a shape, where one is asked for. */
  private inShape(name: string, input: number, shape?: readonly number[]): number {
    if (!shape || sameShape(this.builder.shapeOf(input), shape)) return input
    return this.builder.add(this.nameOf(name), { type: 'reshape', shape }, input)
  }

  private activated(name: string, input: number, type: Activation['type']): number {
    return this.builder.add(this.nameOf(`${name}/${type}`), { type }, input)
  }

  /** A node for the first output, and one for each further one. */
  private addUnknown(first: string, { name, inputs, outputs }: ParsedOperator): void {
    const read = inputs.filter((index) => this.nodes.has(index) || this.constants.has(index))
    const nodes = read.map((index) => this.activation(index))
    const [whole, ...others] = outputs
    const shape = withoutBatch(this.tensor(whole).shape)
    const node = this.builder.add(first, { type: 'unknown', name, shape }, ...nodes)
    this.nodes.set(whole, node)
    for (const [index, output] of others.entries()) {
      const tensor = this.tensor(output)
      const other = {
        type: 'unknown_output',
        index: index + 1,
        shape: withoutBatch(tensor.shape),
      } as const
      this.nodes.set(output, this.builder.add(this.nameOf(tensor.name), other, node))
    }
  }

  /** The node of a tensor; a constant gets one when it is first read as an activation is. */
  private activation(index: number): number {
    const node = this.nodes.get(index)
    if (node !== undefined) return node
    const constant = index >= 0 ? this.floats(index) : undefined
    if (!constant) throw damaged('an operator reads what nothing computes')
    const name = this.nameOf(this.tensor(index).name)
    const added = this.builder.add(name, { type: 'constant', shape: withoutBatch(constant.shape) })
    this.weights.set(`${name}/value`, constant.read)
    this.nodes.set(index, added)
    return added
  }
}
