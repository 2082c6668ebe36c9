import { sameShape } from '@leti/network'
import { LetiError } from '@leti/records'
import { computedTensor, isConstant, type Value } from '../../importer/value.js'
import { argumentsOf, scalarOf, type Constant } from '../../importer/constant.js'
import type { Operation } from '../../importer/operation.js'
import { ATTRIBUTE } from '../schema.js'
import { OrderedTensor } from './ordered-tensor.js'
import type { OnnxNode } from './node.js'
import type { OnnxModel } from './parse.js'
import type { StoredTypes } from './stored-types.js'
import type { Message } from './protobuf.js'

/** One tensor for a node of one output, otherwise one per output; undefined if LETI has no equivalent. */
export type NodeResult = OrderedTensor | readonly OrderedTensor[] | undefined

export type NodeReader = (call: Call) => NodeResult

/** The readers of a family of operators, by the names that the format gives them. */
export type Readers = readonly (readonly [operator: string, reader: NodeReader])[]

/** A node of an ONNX graph, with its inputs and the operation that adds it to the network. */
export class Call {
  constructor(
    readonly node: OnnxNode,
    readonly inputs: readonly (OrderedTensor | undefined)[],
    readonly op: Operation,
    private readonly model: OnnxModel,
    private readonly types: StoredTypes,
  ) {}

  /** Version of ONNX's own operator set. */
  get opset(): number {
    return this.model.opset
  }

  /** The same node with other inputs, such as those of the float operator that it stands for. */
  on(inputs: readonly (OrderedTensor | undefined)[], op = this.op): Call {
    return new Call(this.node, inputs, op, this.model, this.types)
  }

  /** `TensorProto.DataType` of an input that the file stores, perhaps in another shape. */
  storedType(index: number): number | undefined {
    return this.types.of(this.node.inputs[index] ?? '')
  }

  /** `TensorProto.DataType` of an input; undefined if the file does not state it. */
  typeOf(index: number): number | undefined {
    const name = this.node.inputs[index] ?? ''
    const stated = this.model.inputs.find((input) => input.name === name)
    return this.storedType(index) ?? stated?.type ?? this.model.infos.get(name)?.type
  }

  /** Whether the input is one of the network. */
  isOfNetwork(index: number): boolean {
    return this.model.inputs.some(({ name }) => name === this.node.inputs[index])
  }

  has(index: number): boolean {
    return this.inputs[index] !== undefined
  }

  /** @throws {LetiError} `bad-arch` if the input is omitted */
  input(index: number): OrderedTensor {
    const input = this.inputs[index]
    if (input) return input
    throw new LetiError('bad-arch', `${this.node.op} lacks input ${index}`)
  }

  constant(index: number): Constant | undefined {
    const value = this.inputs[index]?.value
    return isConstant(value) ? value : undefined
  }

  /** The numbers of a small constant input. */
  numbers(index: number): number[] | undefined {
    return argumentsOf(this.constant(index))
  }

  /** The number of a constant input that holds only one; `fallback` if it is omitted. */
  scalar(index: number, fallback: number): number | undefined {
    return this.has(index) ? scalarOf(this.constant(index)) : fallback
  }

  attribute(name: string): Message | undefined {
    return this.node.attributes.get(name)
  }

  int(name: string, fallback = 0): number {
    return this.attribute(name)?.int(ATTRIBUTE.i) ?? fallback
  }

  float(name: string, fallback = 0): number {
    return this.attribute(name)?.float(ATTRIBUTE.f) ?? fallback
  }

  tensor(name: string): Constant | undefined {
    const tensor = this.attribute(name)?.message(ATTRIBUTE.t)
    return tensor && this.model.held(tensor)
  }

  text(name: string, fallback = ''): string {
    return this.attribute(name)?.text(ATTRIBUTE.s) ?? fallback
  }

  texts(name: string): string[] | undefined {
    return this.attribute(name)?.texts(ATTRIBUTE.strings)
  }

  floats(name: string): number[] | undefined {
    return this.attribute(name)?.floats(ATTRIBUTE.floats)
  }

  ints(name: string): number[] | undefined {
    return this.attribute(name)?.ints(ATTRIBUTE.ints)
  }

  /** Integers that are an attribute in old versions of an operator, and an input in new ones. */
  intsOrInput(name: string, index: number): number[] | undefined {
    return this.ints(name) ?? this.numbers(index)
  }

  /** A result that has the axis order of an input, the first by default. */
  like(value: Value | undefined, index = 0): OrderedTensor | undefined {
    return value && new OrderedTensor(value, this.input(index).order)
  }

  /**
   * The inputs in one axis order: that of the first computed input of the highest rank. Inputs of lower
   * rank get leading axes of size 1, as ONNX broadcasts them.
   */
  aligned(): { values: Value[]; order: readonly number[] } | undefined {
    const inputs = this.inputs.map((_, index) => this.input(index))
    const rank = Math.max(...inputs.map(({ order }) => order.length))
    const full = inputs.filter(({ order }) => order.length === rank)
    const order = (full.find(({ value }) => !isConstant(value)) ?? full[0])?.order
    if (!order) return undefined
    const values = inputs.map((input) => this.alignedWith(input, order))
    return values.every((value) => value !== undefined) ? { values, order } : undefined
  }

  private alignedWith(input: OrderedTensor, order: readonly number[]): Value | undefined {
    const { op } = this
    const { shape } = input
    const missing = order.length - shape.length
    if (missing === 0) return input.inOrder(op, order)
    if (shape.every((size) => size === 1)) return this.asScalar(input)
    const plain = input.plain(op)
    const widened =
      plain && op.named('widened').reshape(plain, [...Array<number>(missing).fill(1), ...shape])
    return widened && new OrderedTensor(widened).inOrder(op, order)
  }

  private asScalar({ value }: OrderedTensor): Value | undefined {
    if (isConstant(value)) return this.op.folding.reshaped(value, [])
    if (sameShape(value.shape, [])) return value
    return computedTensor(value.node(), [])
  }
}
