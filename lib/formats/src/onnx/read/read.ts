import { sameShape, type Shape } from '@leti/network'
import { asLetiError, LetiError } from '@leti/records'
import type { Value } from '../../importer/activation.js'
import { Assembly } from '../../importer/assembly.js'
import { printable } from '../../importer/names.js'
import { Folding } from '../../importer/folding.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import { Operation } from '../../importer/operation.js'
import { MAX_TENSORS } from '../../importer/shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import { DATA_TYPE } from '../schema.js'
import { Call, type NodeResult } from './call.js'
import { isCastToFloat, READERS } from './operators.js'
import { channelsLast, Oriented } from './oriented.js'
import { parseOnnx, type OnnxGraph, type OnnxNode } from './parse.js'
import { damaged } from './protobuf.js'
import { isQuantised } from './quantized.js'
import { unknownNode } from './unknown.js'

/**
 * Reads an `.onnx` file: its graph at batch 1, channels last. An operator that LETI does not know is
 * kept by its name and shapes.
 *
 * @param bytes kept as long as the weights are wanted
 * @param name of the network
 * @param asked shapes of inputs whose sizes the file leaves open
 * @throws {LetiError} `bad-model` where the file is damaged, `unsupported` where it is not of floats,
 *   `bad-arch` where the file has no such inputs
 */
export function readOnnx(bytes: Uint8Array, name: string, asked?: InputShapes): ReadModel {
  return new Reader(parseOnnx(bytes)).read(name, asked)
}

class Reader {
  private readonly assembly = new Assembly()
  private readonly folding = new Folding()
  private readonly tensors = new Map<string, Oriented>()
  /** How often each tensor is read, from outside included. */
  private readonly uses = new Map<string, number>()
  /** Values that are read more than once. */
  private readonly shared = new WeakSet<Value>()

  /** Tensors that the file itself transposes. */
  private readonly transposed: ReadonlySet<string>

  constructor(private readonly graph: OnnxGraph) {
    const transposes = graph.nodes.filter(({ op }) => op === 'Transpose')
    this.transposed = new Set(transposes.flatMap(({ inputs }) => inputs))
    const names = [
      ...graph.nodes.flatMap(({ inputs }) => inputs),
      ...graph.outputs.map(({ name }) => name),
    ]
    for (const name of names) this.uses.set(name, (this.uses.get(name) ?? 0) + 1)
    for (const [name, constant] of graph.constants) this.tensors.set(name, new Oriented(constant))
  }

  read(name: string, asked: InputShapes | undefined): ReadModel {
    const { inputs, nodes, outputs } = this.graph
    if (outputs.length === 0 || outputs.length > MAX_TENSORS) throw damaged('it has no outputs')
    checkFloats(this.graph)
    const shapes = inputShapes(inputs, asked)
    inputs.forEach((input, index) => this.addInput(input.name, shapes[index]))
    for (const node of nodes) this.addNode(node)
    const values = outputs.map((output) => this.output(output.name))
    return this.assembly.build(
      name,
      values,
      nodes.some(({ op }) => isQuantised(op)),
    )
  }

  private addInput(name: string, shape: Shape): void {
    const order = this.inputOrder(name, shape.length)
    const ordered = order.map((axis) => shape[axis])
    this.set(name, new Oriented(this.assembly.input(name, ordered), order))
  }

  /** Images have their channels last, but where the file itself transposes them. */
  private inputOrder(name: string, rank: number): number[] {
    return rank === 4 && !this.transposed.has(name)
      ? channelsLast(rank)
      : Array.from({ length: rank }, (_, axis) => axis)
  }

  private addNode(node: OnnxNode): void {
    const [first] = node.outputs
    if (!first) return
    const call = new Call(
      node,
      node.inputs.map((name) => (name === '' ? undefined : this.tensor(name))),
      new Operation(first, this.assembly, this.folding, (value) => !this.shared.has(value)),
      this.graph.opset,
    )
    const result = known(call) ?? unknownNode(call, this.graph.infos)
    const values = result instanceof Oriented ? [result] : result
    const names = values.length === 1 ? [first] : node.outputs.filter((name) => name !== '')
    names.forEach((name, index) => this.set(name, values[index]))
  }

  /** Images stay with their channels last, all else is as in the file. */
  private output(name: string): Value {
    const op = new Operation(name, this.assembly, this.folding, () => false)
    const tensor = this.tensor(name)
    const isImage = sameShape(tensor.order, channelsLast(4))
    const value = isImage ? tensor.value : tensor.plain(op)
    if (!value) throw damaged(`${printable(name)} has no order`)
    return value
  }

  private tensor(name: string): Oriented {
    const tensor = this.tensors.get(name)
    if (!tensor) throw damaged(`nothing computes ${printable(name)}`)
    return tensor
  }

  private set(name: string, tensor: Oriented): void {
    this.tensors.set(name, tensor)
    if ((this.uses.get(name) ?? 0) > 1) this.shared.add(tensor.value)
  }
}

/** Inputs are of floats, or of whole numbers that are made floats wherever they are read. */
function checkFloats({ inputs, nodes }: OnnxGraph): void {
  const readers = nodes.filter((node) => !isCastToFloat(node))
  const uncast = new Set(readers.flatMap((node) => node.inputs))
  const wrong = inputs.find(({ name, type }) => type !== DATA_TYPE.float && uncast.has(name))
  if (!wrong) return
  throw new LetiError('unsupported', `the input ${printable(wrong.name)} is none of float32`)
}

/** What LETI knows the node as: undefined too where its inputs do not fit. */
function known(call: Call): NodeResult {
  try {
    return READERS.get(call.node.op)?.(call)
  } catch (error) {
    if (asLetiError(error)?.code === 'bad-arch') return undefined
    throw error
  }
}
