import { sameShape, type Shape } from '@leti/network'
import type { LetiError } from '@leti/records'
import type { Value } from '../../importer/value.js'
import { nonFloatInput } from '../../importer/errors.js'
import { GraphReader } from '../../importer/graph-reader.js'
import { printable } from '../../importer/names.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import type { Operation } from '../../importer/operation.js'
import { MAX_TENSORS } from '../../importer/shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import { DATA_TYPE } from '../schema.js'
import { Call, type NodeResult } from './call.js'
import { isCastToFloat } from './constants.js'
import { READERS } from './operators.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'
import { parseOnnx, type OnnxGraph, type OnnxNode } from './parse.js'
import { damaged } from './protobuf.js'
import { isQuantized } from './quantized.js'
import { unknownNode } from './unknown.js'

/**
 * Reads an `.onnx` file as a network of batch 1 with channels last. An operator that LETI does not know
 * is kept by its name and shapes.
 *
 * @param bytes must stay unchanged as long as the weights are read
 * @param name of the network
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model` if the file is damaged, `unsupported` if an input is not float32,
 *   `bad-arch` if `asked` does not fit the file's inputs
 */
export function readOnnx(bytes: Uint8Array, name: string, asked?: InputShapes): ReadModel {
  return new Reader(parseOnnx(bytes)).read(name, asked)
}

class Reader extends GraphReader<OnnxNode, string, OrderedTensor, Call> {
  /** Names of the tensors that the file itself transposes. */
  private readonly transposed: ReadonlySet<string>

  constructor(private readonly graph: OnnxGraph) {
    super()
    const transposes = graph.nodes.filter(({ op }) => op === 'Transpose')
    this.transposed = new Set(transposes.flatMap(({ inputs }) => inputs))
  }

  read(name: string, asked: InputShapes | undefined): ReadModel {
    const { inputs, nodes, outputs, constants } = this.graph
    if (outputs.length === 0 || outputs.length > MAX_TENSORS) throw damaged('it has no outputs')
    checkFloats(this.graph)
    for (const [key, constant] of constants) this.set(key, new OrderedTensor(constant))
    const shapes = inputShapes(inputs, asked)
    inputs.forEach((input, index) => this.addInput(input.name, shapes[index]))
    this.readNodes(
      nodes.filter((node) => node.outputs[0]),
      outputs.map((output) => output.name),
    )
    const values = outputs.map((output) => this.output(output.name))
    return this.assembly.build(
      name,
      values,
      nodes.some(({ op }) => isQuantized(op)),
    )
  }

  protected override nameOf({ outputs: [first] }: OnnxNode): string {
    return first
  }

  protected override inputsOf({ inputs }: OnnxNode): readonly (string | undefined)[] {
    return inputs.map((name) => (name === '' ? undefined : name))
  }

  protected override outputsOf({ outputs }: OnnxNode, count: number): readonly string[] {
    return count === 1 ? outputs.slice(0, 1) : outputs.filter((name) => name !== '')
  }

  protected override valueOf({ value }: OrderedTensor): Value {
    return value
  }

  protected override call(
    node: OnnxNode,
    inputs: readonly (OrderedTensor | undefined)[],
    operation: Operation,
  ): Call {
    return new Call(node, inputs, operation, this.graph.opset)
  }

  protected override known(call: Call): NodeResult {
    return READERS.get(call.node.op)?.(call)
  }

  protected override unknown(call: Call): readonly OrderedTensor[] {
    return unknownNode(call, this.graph.infos)
  }

  protected override missing(name: string): LetiError {
    return damaged(`no node computes tensor "${printable(name)}"`)
  }

  private addInput(name: string, shape: Shape): void {
    const order = this.inputOrder(name, shape.length)
    const ordered = order.map((axis) => shape[axis])
    this.set(name, new OrderedTensor(this.assembly.input(name, ordered), order))
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

function typeName(type: number): string {
  const known = Object.entries(DATA_TYPE).find(([, code]) => code === type)
  return known?.[0] ?? `of data type ${type}`
}

/** An input of integers is accepted if every node that reads it casts it to float. */
function checkFloats({ inputs, nodes }: OnnxGraph): void {
  const readers = nodes.filter((node) => !isCastToFloat(node))
  const uncast = new Set(readers.flatMap((node) => node.inputs))
  const wrong = inputs.find(({ name, type }) => type !== DATA_TYPE.float && uncast.has(name))
  if (wrong) throw nonFloatInput(wrong.name, typeName(wrong.type))
}
