import { elements, sameShape, type Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { isConstant, type Value } from '../../importer/value.js'
import { Clip } from '../../importer/clip.js'
import { nonFloatInput } from '../../importer/errors.js'
import { GraphReader } from '../../importer/graph-reader.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import { printable } from '../../importer/names.js'
import type { Operation } from '../../importer/operation.js'
import type { ReadModel } from '../../importer/read-model.js'
import { ACTIVATIONS, TENSOR_TYPE, typeName } from '../schema.js'
import { Call } from './call.js'
import { tensorConstant } from './constants.js'
import { damaged } from './flatbuffer.js'
import { readerOf } from './operators.js'
import { parseTflite, type ParsedModel, type ParsedOperator } from './parse.js'
import { storedCodes } from './quantization.js'
import { unknownShapes } from './unknown.js'

/**
 * Reads the main graph of a `.tflite` file, at batch 1. Constants that are sparse, quantized or in half
 * precision are read as the floats that they stand for. An operator without an equivalent in LETI is
 * kept by its name and shapes.
 *
 * @param bytes must stay unchanged as long as the weights are read
 * @param name of the network
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model` if the file is damaged, `unsupported` if an input is not float32,
 *   `bad-arch` if `asked` does not fit the file's inputs
 */
export function readTflite(bytes: Uint8Array, name: string, asked?: InputShapes): ReadModel {
  return new Reader(parseTflite(bytes), asked).read(name)
}

/** Operators that change only how numbers are stored. */
const CONVERSIONS = new Set(['QUANTIZE', 'DEQUANTIZE', 'DENSIFY', 'CAST'])

/** Operators that read the shape of their input, but not its numbers. */
const SHAPE_READERS = new Set(['SHAPE', 'RANK'])

/** Tensors are identified by their index; every operator stays a node, as runtimes execute it. */
class Reader extends GraphReader<ParsedOperator, number, Value, Call> {
  private isQuantized = false
  private readonly inputShapes: readonly Shape[]
  /** Whether an input has another shape than in the file, so that the file's shapes do not apply. */
  private readonly isResized: boolean
  /** Integer inputs that only a CAST to float reads: they are read as float inputs. */
  private readonly castInputs: ReadonlySet<number>

  constructor(
    private readonly model: ParsedModel,
    asked: InputShapes | undefined,
  ) {
    super(true)
    const { tensors, inputs, operators } = model
    this.inputShapes = inputShapes(
      inputs.map((index) => ({ name: tensors[index].name, shape: tensors[index].signature })),
      asked,
    )
    this.isResized = inputs.some(
      (index, at) => !sameShape(this.inputShapes[at], tensors[index].shape),
    )
    const readers = operators.filter(({ name, isCustom }) => isCustom || name !== 'CAST')
    const uncast = new Set(readers.flatMap((operator) => operator.inputs))
    this.castInputs = new Set(inputs.filter((index) => !this.isReal(index) && !uncast.has(index)))
  }

  read(name: string): ReadModel {
    const { tensors, inputs, operators, outputs } = this.model
    for (const [index, tensor] of tensors.entries()) {
      const constant = tensorConstant(tensor)
      if (constant) this.set(index, constant)
    }
    inputs.forEach((index, at) => this.addInput(index, this.inputShapes[at]))
    checkComputedOnce(operators)
    this.readNodes(
      operators.filter((operator) => operator.outputs.length > 0),
      outputs,
    )
    const values = outputs.map((index) => this.tensor(index))
    return this.assembly.build(name, values, this.isQuantized)
  }

  /** The name of the first output. A conversion does not reserve it: the constant it returns may use it. */
  protected override nameOf(node: ParsedOperator): string {
    const { name } = this.model.tensors[node.outputs[0]]
    return isConversion(node) ? name : this.assembly.reserve(name)
  }

  protected override inputsOf({ inputs }: ParsedOperator): readonly (number | undefined)[] {
    return inputs.map((index) => (index < 0 ? undefined : index))
  }

  protected override outputsOf({ outputs }: ParsedOperator): readonly number[] {
    return outputs
  }

  protected override valueOf(value: Value): Value {
    return value
  }

  /** Absent for the state of a recurrent layer, which no operator computes, and for strings. */
  protected override input(index: number): Value | undefined {
    return this.has(index) ? this.tensor(index) : undefined
  }

  protected override missing(): LetiError {
    return damaged('an operator reads a tensor that no operator computes')
  }

  protected override call(
    node: ParsedOperator,
    inputs: readonly (Value | undefined)[],
    operation: Operation,
  ): Call {
    this.isQuantized ||= !isConversion(node) && node.inputs.some((of) => of >= 0 && this.isCode(of))
    const { tensors } = this.model
    const shapes = node.outputs.map((of) => (this.isResized ? undefined : tensors[of].shape))
    return new Call(node, inputs, operation, shapes, tensors)
  }

  protected override known(call: Call): readonly Value[] | undefined {
    const { node, options } = call
    const fused = options.fused_activation_function ?? 0
    if (!this.isFloatCall(call) || (fused !== 0 && !ACTIVATIONS[fused])) return undefined
    const result = readerOf(node)?.(call)
    if (!result) return undefined
    const values = 'shape' in result ? [result] : result
    if (values.length !== node.outputs.length) return undefined
    const finished = values.map((value, output) => finish(call, value, output))
    return finished.every((value) => value !== undefined) ? finished : undefined
  }

  protected override unknown(call: Call): readonly Value[] {
    const { node, op, present } = call
    const further = node.outputs.slice(1).map((index) => this.model.tensors[index].name)
    return op.assembly.unknown([op.name, ...further], node.name, present, unknownShapes(call))
  }

  private addInput(index: number, shape: Shape): void {
    const { name, type } = this.model.tensors[index]
    const isFloatInput = this.isReal(index) || this.castInputs.has(index)
    if (!isFloatInput) throw nonFloatInput(name, typeName(type))
    if (elements(shape) === 0) {
      throw new LetiError('unsupported', `input "${printable(name)}" has no elements`)
    }
    this.set(index, this.assembly.input(name, shape))
  }

  /** Whether an operator computes with real numbers, known constants or known shapes. */
  private isFloatCall({ node, present }: Call): boolean {
    if (present.every(isConstant) || SHAPE_READERS.has(node.name)) return true
    return (
      this.isReal(node.outputs[0]) &&
      node.inputs.every((index) => {
        const value = index < 0 ? undefined : this.input(index)
        if (!value || isConstant(value) || this.castInputs.has(index)) return true
        // A CAST reads the codes of a quantized tensor, not the real numbers.
        return node.name === 'CAST' ? this.isFloat(index) : this.isReal(index)
      })
    )
  }

  private isFloat(index: number): boolean {
    return this.model.tensors[index].type === TENSOR_TYPE.float32
  }

  /** Whether a tensor holds real numbers, as floats or quantized. */
  private isReal(index: number): boolean {
    return this.isFloat(index) || this.isCode(index)
  }

  private isCode(index: number): boolean {
    return storedCodes(this.model.tensors[index]) !== undefined
  }
}

function isConversion({ name, isCustom }: ParsedOperator): boolean {
  return !isCustom && CONVERSIONS.has(name)
}

function checkComputedOnce(operators: readonly ParsedOperator[]): void {
  const computed = new Set<number>()
  for (const index of operators.flatMap(({ outputs }) => outputs)) {
    if (computed.has(index)) throw damaged(`tensor ${index} is computed twice`)
    computed.add(index)
  }
}

/**
 * Gives an output the shape that the file states, and applies the activation function that is fused into
 * the operator.
 *
 * @returns undefined if the number of elements contradicts the file
 */
function finish(call: Call, value: Value, output: number): Value | undefined {
  const { op, options, outputShapes } = call
  const shape = outputShapes[output] ?? value.shape
  if (elements(shape) !== elements(value.shape)) return undefined
  const type = ACTIVATIONS[options.fused_activation_function ?? 0]
  if (isConstant(value)) {
    const shaped = sameShape(shape, value.shape) ? value : op.folding.reshaped(value, shape)
    return shaped && type ? op.named(type).elementwise(type, shaped) : shaped
  }
  // It stays pending, since the next limit may be merged into it.
  if (value instanceof Clip && sameShape(shape, value.shape)) return value
  const settled = op.assembly.settled(op.name, value, shape)
  return type ? op.named(type).elementwise(type, settled) : settled
}
