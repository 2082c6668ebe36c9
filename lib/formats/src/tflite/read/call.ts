import type { Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { isConstant, type ComputedTensor, type Value } from '../../importer/value.js'
import { argumentsOf, scalarOf, type Constant } from '../../importer/constant.js'
import type { Operation } from '../../importer/operation.js'
import type { BuiltinName } from '../schema.js'
import { damaged } from './flatbuffer.js'
import type { ParsedOperator, ParsedTensor } from './parse.js'

/** The values that an operator computes; undefined if LETI has no equivalent. */
export type OperatorResult = Value | readonly Value[] | undefined

export type OperatorReader = (call: Call) => OperatorResult

/** The readers of a family of builtin operators. */
export type Readers = Readonly<Partial<Record<BuiltinName, OperatorReader>>>

/** An operator of a file, its inputs, and the shapes that the file states for its outputs. */
export class Call {
  readonly options: ParsedOperator['options']
  /** The shape of the first output, with the batch; undefined if the file does not state it. */
  readonly outputShape: Shape | undefined

  constructor(
    readonly node: ParsedOperator,
    private readonly inputs: readonly (Value | undefined)[],
    readonly op: Operation,
    /** One for each output, with the batch; undefined if the file does not state it. */
    readonly outputShapes: readonly (Shape | undefined)[],
    private readonly tensors: readonly ParsedTensor[],
    /** The batch of the inputs in the file, where they are read at batch 1; 1 otherwise. */
    private readonly fileBatch: number,
  ) {
    this.options = node.options
    this.outputShape = outputShapes[0]
  }

  /** Whether an optional input is present. */
  has(index: number): boolean {
    return (this.node.inputs[index] ?? -1) >= 0
  }

  /** @throws {LetiError} `bad-arch` if the input is absent, `bad-model` if no operator computes it */
  readonly input = (index: number): Value => {
    if (!this.has(index)) throw new LetiError('bad-arch', `${this.node.name} lacks an input`)
    const value = this.inputs[index]
    if (value) return value
    throw damaged('an operator reads a tensor that no operator computes')
  }

  /** All inputs, of which none may be absent. */
  all(): Value[] {
    return this.node.inputs.map((_, index) => this.input(index))
  }

  /** The two inputs, if the operator has no others. */
  pair(): [Value, Value] | undefined {
    return this.node.inputs.length === 2 ? [this.input(0), this.input(1)] : undefined
  }

  /** The inputs that are present and known. */
  get present(): readonly Value[] {
    return this.inputs.filter((value) => value !== undefined)
  }

  /** The input as a computed tensor; a constant becomes a node of the network. */
  readonly computed = (index: number): ComputedTensor =>
    this.op.assembly.asComputed(this.input(index))

  constant(index: number): Constant | undefined {
    const value = this.inputs[index]
    return isConstant(value) ? value : undefined
  }

  /** A constant of floats, such as a filter. */
  floats(index: number): Constant | undefined {
    const constant = this.constant(index)
    return constant?.isFloat ? constant : undefined
  }

  /** The numbers of a small constant, such as axes. */
  numbers(index: number): number[] | undefined {
    const constant = this.constant(index)
    return constant?.isFloat === false ? argumentsOf(constant) : undefined
  }

  /** The number of a constant with a single element. */
  scalar(index: number): number | undefined {
    return scalarOf(this.constant(index))
  }

  /** A shape that a converter wrote for the batch of the file, at batch 1. */
  atBatchOne(sizes: readonly number[]): readonly number[] | undefined {
    const { fileBatch } = this
    return fileBatch > 1 && sizes[0] === fileBatch ? sizes.with(0, 1) : undefined
  }

  /** The first output as the file declares it. */
  output(): ParsedTensor {
    return this.tensors[this.node.outputs[0]]
  }
}
