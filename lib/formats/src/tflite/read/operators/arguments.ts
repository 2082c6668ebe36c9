import type { Operator, Shape } from '@leti/network'
import { withoutBatch } from '../../../importer/axes.js'
import type { FloatConstant } from '../constants.js'
import type { ParsedOperator } from '../parse.js'

/** The tensors of a file, by their index; -1 is none. */
export interface Tensors {
  /** With its batch; undefined where only the operator that computes it tells. */
  shape(index: number): Shape | undefined
  floats(index: number): FloatConstant | undefined
  integers(index: number): readonly number[] | undefined
}

/** What an operator of a file is in a network. */
export interface KnownOperator {
  readonly operator: Operator
  /** The tensors that it reads as activations. */
  readonly inputs: readonly number[]
  /** The shapes, without batch, that its inputs have to be brought to first; else they stay. */
  readonly inputShapes?: readonly Shape[]
  /** Numbers of its weights, in TensorFlow's layout. */
  readonly filter?: () => Float32Array
  readonly bias?: () => Float32Array
}

/** Reads an operator of a file: undefined where LETI has none that does the same. */
export type OperatorReader = (args: Arguments) => KnownOperator | undefined

/** An operator of a file with what is at hand to read it. */
export class Arguments {
  readonly options: ParsedOperator['options']
  readonly inputs: readonly number[]
  /** Shape of the first output, without batch; undefined where the file does not say it. */
  readonly outputShape: Shape | undefined

  constructor(
    readonly op: ParsedOperator,
    private readonly tensors: Tensors,
  ) {
    this.options = op.options
    this.inputs = op.inputs
    const shape = tensors.shape(op.outputs[0])
    this.outputShape = shape && withoutBatch(shape)
  }

  has(input: number): boolean {
    return (this.inputs[input] ?? -1) >= 0
  }

  /** With its batch; of no input none. */
  shape(input: number): Shape {
    return (this.has(input) ? this.tensors.shape(this.inputs[input]) : undefined) ?? []
  }

  floats(input: number): FloatConstant | undefined {
    return this.has(input) ? this.tensors.floats(this.inputs[input]) : undefined
  }

  integers(input: number): readonly number[] | undefined {
    return this.has(input) ? this.tensors.integers(this.inputs[input]) : undefined
  }

  /** The operator on the first input alone, where there is one. */
  unary(operator: Operator): KnownOperator | undefined {
    return this.has(0) ? { operator, inputs: this.inputs.slice(0, 1) } : undefined
  }

  /** The operator on two inputs, where those are all. */
  binary(operator: Operator): KnownOperator | undefined {
    const isBinary = this.inputs.length === 2 && this.has(0) && this.has(1)
    return isBinary ? { operator, inputs: this.inputs } : undefined
  }
}
