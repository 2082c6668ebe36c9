import { elements, type Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { isConstant, type Value } from '../../importer/value.js'
import { constantOf, scalarOf } from '../../importer/constant.js'
import { nestedGraph, nonFloatInput, openBranch } from '../../importer/errors.js'
import { ofChosenBranch } from '../../importer/chosen-branch.js'
import { FixedNumbers } from '../../importer/fixed-numbers.js'
import { GraphReader } from '../../importer/graph-reader.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import { printable } from '../../importer/names.js'
import type { Operation } from '../../importer/operation.js'
import type { ReadModel } from '../../importer/read-model.js'
import { ACTIVATIONS, TENSOR_TYPE, typeName } from '../schema.js'
import { Call } from './call.js'
import { tensorConstant } from './constants.js'
import { damaged } from './flatbuffer.js'
import { finish } from './finish.js'
import { CUSTOM_TRAFFIC, isConversion, MOVEMENTS, NESTED, SHAPE_READERS } from './operator-kinds.js'
import { readerOf } from './operators.js'
import {
  parseTflite,
  type ParsedGraph,
  type ParsedModel,
  type ParsedOperator,
  type ParsedTensor,
} from './parse.js'
import { storedCodes } from './quantization.js'
import { StatedShapes } from './stated-shapes.js'
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

/** Types of tensors without numbers. */
const NOT_NUMBERS: readonly number[] = [TENSOR_TYPE.string, TENSOR_TYPE.complex64]

/** Limits on graphs within graphs. */
const MAX_DEPTH = 16
const MAX_GRAPHS = 256

/** Tensors are identified by their index; every operator stays a node, as runtimes execute it. */
class Reader extends GraphReader<ParsedOperator, number, Value, Call> {
  private isQuantized = false
  private readonly inputShapes: readonly Shape[]
  /** Those of the main graph; those of branches that are read follow. */
  private readonly parsed: ParsedTensor[]
  private readonly stated: StatedShapes
  private readonly fixed: FixedNumbers
  private depth = 0
  private graphs = 0

  constructor(
    private readonly model: ParsedModel,
    asked: InputShapes | undefined,
  ) {
    super(true)
    const { tensors, inputs } = model
    this.fixed = new FixedNumbers(asked)
    this.parsed = [...tensors]
    this.inputShapes = inputShapes(
      inputs.map((index) => ({ name: tensors[index].name, shape: tensors[index].signature })),
      asked,
    )
    this.stated = new StatedShapes(
      this.parsed,
      inputs.map((index, at) => ({ stated: tensors[index], shape: this.inputShapes[at] })),
    )
  }

  read(name: string): ReadModel {
    const { inputs, operators, outputs } = this.model
    this.setConstants(this.model, 0)
    inputs.forEach((index, at) => this.addInput(index, this.inputShapes[at]))
    checkComputedOnce(operators)
    this.readNodes(operators.filter(hasOutput), outputs)
    this.fixed.checkUsed(inputs.map((index) => this.parsed[index].name))
    const values = outputs.map((index) => this.tensor(index))
    return this.assembly.build(name, values, this.isQuantized)
  }

  /** The name of the first output. A conversion does not reserve it: the constant it returns may use it. */
  protected override nameOf(node: ParsedOperator): string {
    const { name } = this.parsed[node.outputs[0]]
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

  protected override set(index: number, value: Value): void {
    super.set(index, value)
    this.stated.compare(index, value)
  }

  protected override readNode(node: ParsedOperator): void {
    const { name, isCustom } = node
    if (!isCustom && NESTED.has(name)) throw nestedGraph(name)
    if (!isCustom && name === 'IF') this.readIf(node)
    else super.readNode(node)
  }

  protected override call(
    node: ParsedOperator,
    inputs: readonly (Value | undefined)[],
    operation: Operation,
  ): Call {
    this.isQuantized ||= !isConversion(node) && node.inputs.some((of) => of >= 0 && this.isCode(of))
    const { parsed, stated } = this
    return new Call(node, inputs, operation, stated.outputsOf(node), parsed, stated.fileBatch)
  }

  protected override known(call: Call): readonly Value[] | undefined {
    const { node, options } = call
    const fused = options.fused_activation_function ?? 0
    if (!this.isReadable(call) || (fused !== 0 && !ACTIVATIONS[fused])) return undefined
    const result = readerOf(node)?.(call)
    if (!result) return undefined
    const values = 'shape' in result ? [result] : result
    if (values.length !== node.outputs.length) return undefined
    const finished = values.map((value, output) => finish(call, value, output))
    return finished.every((value) => value !== undefined) ? finished : undefined
  }

  protected override unknown(call: Call): readonly Value[] {
    const { node, op, present } = call
    const names = [op.name, ...node.outputs.slice(1).map((index) => this.parsed[index].name)]
    const shapes = unknownShapes(call)
    // A custom operator may have the name of another one.
    const type = !node.isCustom ? undefined : CUSTOM_TRAFFIC.has(node.name) ? 'traffic' : 'unknown'
    return op.assembly.unknown(names, node.name, present, shapes, type)
  }

  private setConstants({ tensors, operators, inputs }: ParsedGraph, offset: number): void {
    const computed = new Set([...inputs, ...operators.flatMap(({ outputs }) => outputs)])
    for (const [index, tensor] of tensors.entries()) {
      const isEmpty = tensor.shape.includes(0) && !computed.has(index)
      const constant = isEmpty ? constantOf([], tensor.shape) : tensorConstant(tensor)
      if (constant) this.set(offset + index, constant)
    }
  }

  /** Reads the graph of the branch that is taken, in the place of the operator. */
  private readIf(node: ParsedOperator): void {
    const [condition, ...read] = node.inputs
    const value = this.input(condition)
    const constant = isConstant(value) ? scalarOf(value) : undefined
    const name = value === undefined ? '' : this.parsed[condition].name
    const taken = constant ?? this.fixed.of(name)
    if (taken === undefined) throw openBranch(node.name, name)
    const { then_subgraph_index, else_subgraph_index } = node.options
    const graph = this.model.graphs.at(taken ? then_subgraph_index : else_subgraph_index)
    const isOf =
      graph?.inputs.length === read.length && graph.outputs.length === node.outputs.length
    if (!graph || !isOf) throw damaged('an operator calls a graph that does not fit it')
    const results = this.readGraph(graph, read)
    const isOpen = value !== undefined && constant === undefined
    node.outputs.forEach((index, at) => {
      const result = results[at]
      const op = this.operation(this.assembly.reserve(this.parsed[index].name))
      this.set(index, isOpen ? ofChosenBranch(op, node.name, value, result) : result)
    })
  }

  /** @param read the tensors that are the inputs of the graph */
  private readGraph(graph: ParsedGraph, read: readonly number[]): readonly Value[] {
    if (++this.graphs > MAX_GRAPHS || ++this.depth > MAX_DEPTH) {
      throw new LetiError('unsupported', 'the file has too many graphs within graphs')
    }
    const offset = this.parsed.length
    const moved = (index: number): number => (index < 0 ? index : offset + index)
    this.parsed.push(...graph.tensors)
    this.setConstants(graph, offset)
    checkComputedOnce(graph.operators)
    const operators = graph.operators.filter(hasOutput).map((operator) => ({
      ...operator,
      inputs: operator.inputs.map(moved),
      outputs: operator.outputs.map(moved),
    }))
    const outputs = graph.outputs.map(moved)
    this.readNodes(operators, outputs, () => {
      read.forEach((index, at) => this.set(moved(graph.inputs[at]), this.tensor(index)))
    })
    this.depth--
    return outputs.map((index) => this.tensor(index))
  }

  private addInput(index: number, shape: Shape): void {
    const { name, type } = this.parsed[index]
    if (NOT_NUMBERS.includes(type)) throw nonFloatInput(name, typeName(type))
    const constant = this.fixed.constantOf(name, shape, this.isFloat(index))
    if (constant) {
      this.set(index, constant)
      return
    }
    if (elements(shape) === 0) {
      throw new LetiError('unsupported', `input "${printable(name)}" has no elements`)
    }
    this.set(index, this.assembly.input(name, shape))
  }

  /** Whether an operator computes with real numbers, known constants or known shapes, or moves numbers. */
  private isReadable({ node, present }: Call): boolean {
    if (present.every(isConstant) || SHAPE_READERS.has(node.name)) return true
    if (!node.isCustom && MOVEMENTS.has(node.name)) return true
    return (
      this.isReal(node.outputs[0]) &&
      node.inputs.every((index) => {
        const value = index < 0 ? undefined : this.input(index)
        if (!value || isConstant(value)) return true
        // A CAST reads the codes of a quantized tensor, not the real numbers.
        return node.name === 'CAST' ? !this.isCode(index) : this.isReal(index)
      })
    )
  }

  private isFloat(index: number): boolean {
    return this.parsed[index].type === TENSOR_TYPE.float32
  }

  /** Whether a tensor holds real numbers, as floats or quantized. */
  private isReal(index: number): boolean {
    return this.isFloat(index) || this.isCode(index)
  }

  private isCode(index: number): boolean {
    return storedCodes(this.parsed[index]) !== undefined
  }
}

function hasOutput({ outputs }: ParsedOperator): boolean {
  return outputs.length > 0
}

function checkComputedOnce(operators: readonly ParsedOperator[]): void {
  const computed = new Set<number>()
  for (const index of operators.flatMap(({ outputs }) => outputs)) {
    if (computed.has(index)) throw damaged(`tensor ${index} is computed twice`)
    computed.add(index)
  }
}
