import { sameShape, type Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { scalarOf, type Constant } from '../../importer/constant.js'
import { isConstant, type Value } from '../../importer/value.js'
import { ofChosenBranch } from '../../importer/chosen-branch.js'
import { FixedNumbers } from '../../importer/fixed-numbers.js'
import { GraphReader } from '../../importer/graph-reader.js'
import { printable } from '../../importer/names.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import type { Operation } from '../../importer/operation.js'
import { MAX_TENSORS } from '../../importer/shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import type { RuntimeTensors } from '../runtime/tensors.js'
import { DATA_TYPE, NOT_NUMBERS } from '../schema.js'
import { Call, type NodeResult } from './call.js'
import { chosenBranch, isControl, readInside } from './control.js'
import { decidingInput, type Decision } from './deciding.js'
import { READERS } from './operators.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'
import { misfit } from './misfit.js'
import type { OnnxNode } from './node.js'
import { parseOnnx, type OnnxModel, type ValueInfo } from './parse.js'
import { damaged } from './protobuf.js'
import { isQuantized } from './quantized.js'
import { StoredTypes } from './stored-types.js'
import { unknownNode } from './unknown.js'
import { UntoldShape } from './untold-shape.js'
import { FLOATS, wholeNumbers } from './whole-numbers.js'

/**
 * Reads an `.onnx` file as a network of batch 1 with channels last. An operator that LETI does not know
 * is kept by its name and shapes.
 *
 * @param bytes must stay unchanged as long as the weights are read
 * @param name of the network
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model` if the file is damaged, `unsupported` if LETI cannot read it,
 *   `bad-arch` if `asked` does not fit the file's inputs
 */
export function readOnnx(bytes: Uint8Array, name: string, asked?: InputShapes): ReadModel {
  return readParsed(parseOnnx(bytes), name, asked)
}

/** @param told what ONNX Runtime tells about the tensors */
export function readParsed(
  model: OnnxModel,
  name: string,
  asked: InputShapes | undefined,
  told?: RuntimeTensors,
): ReadModel {
  return new Reader(model, told, new FixedNumbers(asked)).read(name, asked)
}

class Reader extends GraphReader<OnnxNode, string, OrderedTensor, Call> {
  /** Names of the tensors that the file itself transposes. */
  private readonly transposed: ReadonlySet<string>
  private readonly infos: Map<string, ValueInfo>
  /** The tensors of whole numbers that inputs of whole numbers give. */
  private readonly whole: ReadonlySet<string>
  private readonly types: StoredTypes
  /** The nodes that were read, by the names of their outputs. */
  private readonly producers = new Map<string, OnnxNode>()

  constructor(
    private readonly model: OnnxModel,
    private readonly told: RuntimeTensors | undefined,
    private readonly fixed: FixedNumbers,
  ) {
    super()
    const transposes = model.nodes.filter(({ op }) => op === 'Transpose')
    this.transposed = new Set(transposes.flatMap(({ inputs }) => inputs))
    this.infos = new Map(model.infos)
    this.whole = wholeNumbers(model)
    this.types = new StoredTypes(model)
  }

  read(name: string, asked: InputShapes | undefined): ReadModel {
    const { inputs, nodes, outputs, constants } = this.model
    if (outputs.length === 0 || outputs.length > MAX_TENSORS) throw damaged('it has no outputs')
    checkNumbers(this.model)
    for (const [key, constant] of constants) this.set(key, new OrderedTensor(constant))
    const shapes = inputShapes(inputs, asked)
    inputs.forEach((input, index) => this.addInput(input, shapes[index]))
    this.readNodes(
      nodes,
      outputs.map((output) => output.name),
    )
    this.fixed.checkUsed(inputs.map((input) => input.name))
    const values = outputs.map((output) => this.output(output.name))
    return this.assembly.build(
      name,
      values,
      nodes.some(({ op }) => isQuantized(op)),
    )
  }

  protected override nameOf({ outputs }: OnnxNode): string {
    return outputs.find((name) => name !== '') ?? ''
  }

  /** Those of the graphs that the node holds are read too. */
  protected override inputsOf(node: OnnxNode): readonly (string | undefined)[] {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : name))
    return isControl(node) ? [...inputs, ...readInside(this.model, node)] : inputs
  }

  protected override outputsOf({ outputs }: OnnxNode, count: number): readonly string[] {
    return outputs.slice(0, count)
  }

  protected override valueOf({ value }: OrderedTensor): Value {
    return value
  }

  protected override readNode(node: OnnxNode): void {
    if (!node.outputs.some((name) => name !== '' && this.isRead(name))) return
    if (isControl(node)) this.readBranch(node)
    else super.readNode(node)
    this.types.addNode(node)
    for (const name of node.outputs) this.producers.set(name, node)
  }

  private readBranch(node: OnnxNode): void {
    const [condition = ''] = node.inputs
    const decided = condition === '' ? undefined : this.tensor(condition)
    const constant = isConstant(decided?.value) ? scalarOf(decided.value) : undefined
    const chosen = constant ?? this.fixed.of(condition)
    const branch = chosenBranch(this.model, node, chosen, () => this.deciding(condition))
    for (const [key, info] of branch.infos) this.infos.set(key, info)
    this.types.addGraph(branch)
    for (const [key, constant] of branch.constants) this.set(key, new OrderedTensor(constant))
    for (const inner of branch.nodes) this.readNode(inner)
    const isOpen = decided !== undefined && constant === undefined
    branch.outputs.forEach(({ name }, index) => {
      const { value, order } = this.tensor(name)
      const op = this.operation(node.outputs[index])
      const result = isOpen ? ofChosenBranch(op, node.op, decided.value, value) : value
      this.set(node.outputs[index], new OrderedTensor(result, order))
    })
  }

  private deciding(condition: string): Decision | undefined {
    const constantOf = (name: string): Constant | undefined => {
      const value = name === '' ? undefined : this.tensor(name).value
      return isConstant(value) ? value : undefined
    }
    return decidingInput(condition, this.model.inputs, this.producers, constantOf)
  }

  protected override call(
    node: OnnxNode,
    inputs: readonly (OrderedTensor | undefined)[],
    operation: Operation,
  ): Call {
    return new Call(node, inputs, operation, this.model, this.types)
  }

  /** An output that only ONNX has, such as the indices of a maximum, makes its operator unknown. */
  protected override known(call: Call): NodeResult {
    // LETI divides as floats.
    if (call.node.op === 'Div' && call.node.outputs.some((name) => this.whole.has(name))) {
      return undefined
    }
    const result = READERS.get(call.node.op)?.(call)
    const count = result === undefined || result instanceof OrderedTensor ? 1 : result.length
    const others = call.node.outputs.slice(count)
    return others.some((name) => name !== '' && this.isRead(name)) ? undefined : result
  }

  protected override unknown(call: Call): readonly OrderedTensor[] {
    const error = misfit(call)
    if (error) throw error
    const constants = this.constantsOf(call)
    if (constants) return constants
    return unknownNode(call, {
      shapeOf: (name) => this.shapeOf(name),
      isRead: (name) => this.isRead(name),
    })
  }

  protected override missing(name: string): LetiError {
    return damaged(`no node computes tensor "${printable(name)}"`)
  }

  /** ONNX Runtime computes the constants that LETI cannot. */
  private constantsOf({ node, inputs }: Call): readonly OrderedTensor[] | undefined {
    const isOfConstants = inputs.every((input) => !input || isConstant(input.value))
    if (!isOfConstants) return undefined
    if (!this.told) throw new UntoldShape(node.op)
    const read = node.outputs.filter((name) => name !== '' && this.isRead(name))
    const values = read.map((name) => this.told?.constants.get(name))
    if (!values.every((value) => value !== undefined)) return undefined
    return node.outputs.map((name) => new OrderedTensor(values[Math.max(read.indexOf(name), 0)]))
  }

  private shapeOf(name: string): Shape | undefined {
    const stated = this.infos.get(name)?.shape
    const shape = stated?.map((size, axis) => (axis === 0 && size === -1 ? 1 : size))
    if (shape && !shape.includes(-1)) return shape
    if (this.told?.varying.has(name)) throw varyingShape(name)
    return this.told?.shapes.get(name)
  }

  private addInput({ name, type }: ValueInfo, shape: Shape): void {
    const constant = this.fixed.constantOf(name, shape, FLOATS.includes(type))
    if (constant) {
      this.set(name, new OrderedTensor(constant))
      return
    }
    const order = this.inputOrder(name, shape.length)
    const ordered = order.map((axis) => shape[axis])
    this.set(name, new OrderedTensor(this.assembly.input(name, ordered, shape), order))
  }

  /** Images are stored with channels last, unless the file itself transposes them. */
  private inputOrder(name: string, rank: number): number[] {
    return rank === 4 && !this.transposed.has(name)
      ? channelsLast(rank)
      : Array.from({ length: rank }, (_, axis) => axis)
  }

  /** Images keep their channels last; other outputs have the file's axis order. */
  private output(name: string): Value {
    const tensor = this.tensor(name)
    const isImage = sameShape(tensor.order, channelsLast(4))
    const value = isImage ? tensor.value : tensor.plain(this.operation(name))
    if (!value) throw damaged(`${printable(name)} cannot be transposed`)
    return value
  }
}

function varyingShape(name: string): LetiError {
  return new LetiError(
    'unsupported',
    `the shape of tensor "${printable(name)}" depends on the numbers of the inputs; export the model with fixed sizes`,
  )
}

/** @throws {LetiError} `unsupported` if an input holds no numbers */
function checkNumbers({ inputs }: OnnxModel): void {
  const known: readonly number[] = Object.values(DATA_TYPE)
  const wrong = inputs.find(({ type }) => !known.includes(type))
  if (!wrong) return
  const found = NOT_NUMBERS.get(wrong.type) ?? `of data type ${wrong.type}`
  throw new LetiError(
    'unsupported',
    `input "${printable(wrong.name)}" is ${found}; export the part of the model that reads tensors of numbers`,
  )
}
