import {
  elements,
  NetworkBuilder,
  sameShape,
  type ElementwiseType,
  type Shape,
} from '@leti/network'
import { asLetiError, LetiError } from '@leti/records'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import { withoutBatch } from '../../importer/axes.js'
import { floatConstant, integerConstant, type FloatConstant } from './constants.js'
import { damaged } from './flatbuffer.js'
import { liveNetwork } from '../../importer/live-network.js'
import { printable, uniqueNames } from '../../importer/names.js'
import type { KnownOperator, Tensors } from './operators/arguments.js'
import { knownOperator } from './operators/known-operators.js'
import { parseTflite, type ParsedModel, type ParsedOperator, type ParsedTensor } from './parse.js'
import { storedCodes } from './quantization.js'
import { ACTIVATIONS, TENSOR_TYPE } from '../schema.js'

/**
 * Reads a `.tflite` file: its main graph at batch 1. Constants in half precision or sparse are taken
 * for what they stand for, codes of quantised tensors for the real numbers; an operator that LETI does not know is kept by its name and shapes.
 *
 * @param bytes kept as long as the weights are wanted
 * @param name of the network
 * @param asked shapes of inputs whose sizes the file leaves open
 * @throws {LetiError} `bad-model` where the file is damaged, `unsupported` where it is of other numbers,
 *   `bad-arch` where the file has no such inputs
 */
export function readTflite(bytes: Uint8Array, name: string, asked?: InputShapes): ReadModel {
  return new Reader(parseTflite(bytes), asked).read(name)
}

/** Operators that make a constant's numbers of how they are stored. */
const STORAGE = new Set(['DEQUANTIZE', 'DENSIFY', 'QUANTIZE'])

/** Operators that change how numbers are stored, and not which they are. */
const CONVERSIONS = new Set(['QUANTIZE', 'DEQUANTIZE', 'CAST'])

class Reader implements Tensors {
  private readonly builder = new NetworkBuilder()
  private readonly nameOf = uniqueNames()
  /** The node of each tensor that has one. */
  private readonly nodes = new Map<number, number>()
  private readonly computed = new Set<number>()
  private isQuantised = false
  /** The constants of floats, those that the file computes from others included. */
  private readonly constants = new Map<number, FloatConstant>()
  /** By the name of the node and the role. */
  private readonly weights = new Map<string, () => Float32Array>()
  /** With their batch; where inputs have other shapes than in the file, undefined until computed. */
  private readonly shapes: (Shape | undefined)[]
  /** Inputs of whole numbers that are made floats wherever they are read: as good as floats. */
  private readonly castInputs: ReadonlySet<number>

  constructor(
    private readonly model: ParsedModel,
    asked: InputShapes | undefined,
  ) {
    const { tensors, inputs, operators } = model
    const given = inputShapes(
      inputs.map((index) => ({ name: tensors[index].name, shape: tensors[index].signature })),
      asked,
    )
    const isResized = inputs.some((index, at) => !sameShape(given[at], tensors[index].shape))
    this.shapes = tensors.map(({ shape, data }) => (isResized && !data ? undefined : shape))
    inputs.forEach((index, at) => (this.shapes[index] = given[at]))
    const readers = operators.filter(({ name, isCustom }) => isCustom || name !== 'CAST')
    const uncast = new Set(readers.flatMap((op) => op.inputs))
    this.castInputs = new Set(inputs.filter((index) => !this.isReal(index) && !uncast.has(index)))
  }

  read(name: string): ReadModel {
    const { tensors, inputs, operators, outputs } = this.model
    tensors.forEach((tensor, index) => {
      const constant = floatConstant(tensor)
      if (constant) this.constants.set(index, constant)
    })
    for (const index of inputs) this.addInput(index)
    for (const op of operators) this.addOperator(op)
    const network = this.builder.build(name, ...outputs.map((index) => this.activation(index)))
    const { weights, isQuantised } = this
    return {
      network: liveNetwork(network),
      isQuantised,
      weights: (node, role) => {
        const values = weights.get(`${node}/${role}`)
        if (!values) throw new LetiError('bad-model', `the file has no ${role} for ${node}`)
        return values()
      },
    }
  }

  shape(index: number): Shape | undefined {
    return this.shapes[index]
  }

  floats(index: number): FloatConstant | undefined {
    return this.constants.get(index)
  }

  integers(index: number): readonly number[] | undefined {
    return integerConstant(this.tensor(index))
  }

  private tensor(index: number): ParsedTensor {
    return this.model.tensors[index]
  }

  private addInput(index: number): void {
    const { name } = this.tensor(index)
    const shape = this.shape(index) ?? []
    const isOfFloats = this.isReal(index) || this.castInputs.has(index)
    if (!isOfFloats || elements(shape) === 0) {
      const label = printable(name)
      throw new LetiError('unsupported', `the input ${label} is none of float32 of a fixed shape`)
    }
    this.nodes.set(
      index,
      this.builder.add(this.nameOf(name), { type: 'input', shape: withoutBatch(shape) }),
    )
  }

  private addOperator(op: ParsedOperator): void {
    for (const index of op.outputs) {
      if (this.computed.has(index)) throw damaged(`tensor ${index} is computed twice`)
      this.computed.add(index)
    }
    if (op.outputs.length === 0 || this.isConstant(op) || this.isConversion(op)) return
    this.isQuantised ||= op.inputs.some((index) => index >= 0 && this.isCode(index))
    const name = this.nameOf(this.tensor(op.outputs[0]).name)
    const known = this.readsFloats(op) ? knownOperator(op, this) : undefined
    if (!known || !this.addKnown(name, op, known)) this.addUnknown(name, op)
  }

  /** Whether a tensor holds real numbers, or codes of such. */
  private isReal(index: number): boolean {
    return this.tensor(index).type === TENSOR_TYPE.float32 || this.isCode(index)
  }

  private isCode(index: number): boolean {
    return storedCodes(this.tensor(index)) !== undefined
  }

  /** Takes note of what is there already, in other numbers: real ones and their codes are one. */
  private isConversion({ name, isCustom, inputs: [input], outputs: [output] }: ParsedOperator) {
    if (isCustom || !CONVERSIONS.has(name)) return false
    const node = this.nodes.get(input)
    const from = this.castInputs.has(input) || (name !== 'CAST' && input >= 0 && this.isReal(input))
    if (node === undefined || !from || !this.isReal(output)) return false
    this.keepShape(name, output, this.shape(input) ?? [])
    this.nodes.set(output, node)
    return true
  }

  /** Takes note of constants that are stored in half precision, as codes, or sparse. */
  private isConstant({ name, isCustom, inputs, outputs }: ParsedOperator): boolean {
    if (isCustom || !STORAGE.has(name)) return false
    const constant = inputs.length > 0 && inputs[0] >= 0 ? this.floats(inputs[0]) : undefined
    if (!constant) return false
    this.keepShape(name, outputs[0], constant.shape)
    this.constants.set(outputs[0], constant)
    return true
  }

  private keepShape(operator: string, output: number, shape: Shape): void {
    if (!sameShape((this.shapes[output] ??= shape), shape)) {
      throw damaged(`${operator} changes a shape`)
    }
  }

  /** Whether its first output, and all inputs that are computed, are of real numbers. */
  private readsFloats({ inputs, outputs }: ParsedOperator): boolean {
    return (
      this.isReal(outputs[0]) &&
      inputs.every((index) => index < 0 || !this.nodes.has(index) || this.isReal(index))
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
    const [output] = outputs
    const activation = ACTIVATIONS[options.fused_activation_function ?? 0]
    if (!activation && options.fused_activation_function) return false
    try {
      const inputs = known.inputs.map((index, input) =>
        this.inShape(`${name}/input`, this.activation(index), known.inputShapes?.[input]),
      )
      let node = this.builder.add(name, known.operator, ...inputs)
      const shape = this.shape(output) ?? this.batched(output, this.builder.shapeOf(node))
      if (!shape) return false
      this.shapes[output] = shape
      node = this.inShape(`${name}/shape`, node, withoutBatch(shape))
      if (activation) node = this.activated(name, node, activation)
      this.nodes.set(output, node)
    } catch (error) {
      if (asLetiError(error)?.code !== 'bad-arch') throw error
      return false
    }
    if (known.filter) this.weights.set(`${name}/filter`, known.filter)
    if (known.bias) this.weights.set(`${name}/bias`, known.bias)
    return true
  }

  /** The shape of a tensor with its batch, where it has one: its rank in the file tells. */
  private batched(index: number, shape: Shape): Shape | undefined {
    const batch = this.tensor(index).shape.length - shape.length
    if (batch === 1) return [1, ...shape]
    return batch === 0 ? shape : undefined
  }

  /** The node's value in a shape, where one is asked for. */
  private inShape(name: string, input: number, shape?: readonly number[]): number {
    if (!shape || sameShape(this.builder.shapeOf(input), shape)) return input
    return this.builder.add(this.nameOf(name), { type: 'reshape', shape }, input)
  }

  private activated(name: string, input: number, type: ElementwiseType): number {
    return this.builder.add(this.nameOf(`${name}/${type}`), { type }, input)
  }

  /** A node for the first output, and one for each further one. */
  private addUnknown(first: string, { name, inputs, outputs }: ParsedOperator): void {
    const read = inputs.filter((index) => this.nodes.has(index) || this.constants.has(index))
    const nodes = read.map((index) => this.activation(index))
    const [whole, ...others] = outputs
    const label = printable(name)
    const [shape, ...further] = outputs.map((output) => {
      const said = this.shape(output)
      if (said) return withoutBatch(said)
      throw new LetiError('unsupported', `nothing says which shape the operator ${label} gives`)
    })
    const unknown = { type: 'unknown', name: label, shape } as const
    const node = this.builder.add(first, unknown, ...nodes)
    this.nodes.set(whole, node)
    for (const [index, output] of others.entries()) {
      const { name: other } = this.tensor(output)
      const operator = { type: 'unknown_output', index: index + 1, shape: further[index] } as const
      this.nodes.set(output, this.builder.add(this.nameOf(other), operator, node))
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
