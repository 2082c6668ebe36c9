import { MAX_TENSORS } from '../../importer/shapes.js'
import { FLOAT } from '../schema.js'
import { damaged, list, object, text, type Json } from './json.js'

/** One of the outputs of a node. */
export interface TensorRef {
  readonly node: string
  readonly output: number
}

/** A `NodeDef` of a graph model; converters write its attributes in several forms. */
export class GraphNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly TensorRef[]
  private readonly attributes: Json

  /** @throws {LetiError} `bad-model` */
  constructor(value: unknown) {
    const node = object(value, 'a node')
    this.name = text(node.name, 'the name of a node')
    this.op = text(node.op, 'the operator of a node')
    this.inputs = list(node.input, 'the inputs of a node')
      .map((input) => text(input, 'an input of a node'))
      // A control dependency carries no tensor.
      .filter((input) => !input.startsWith('^'))
      .map(tensorRef)
    if (this.inputs.length > MAX_TENSORS) throw damaged(`a node has ${this.inputs.length} inputs`)
    this.attributes = object(node.attr ?? {}, 'the attributes of a node')
  }

  has(name: string): boolean {
    return Object.hasOwn(this.attributes, name)
  }

  text(name: string, fallback = ''): string {
    const { s } = this.attribute(name)
    return s === undefined ? fallback : decoded(s)
  }

  texts(name: string): string[] {
    return list(this.listed(name).s, name).map(decoded)
  }

  number(name: string, fallback = 0): number {
    const { i, f } = this.attribute(name)
    return Number(i ?? f ?? fallback)
  }

  numbers(name: string): number[] {
    const { i, f } = this.listed(name)
    return list(i ?? f, name).map(Number)
  }

  flag(name: string): boolean {
    return this.attribute(name).b === true
  }

  isChannelsLast(): boolean {
    return ['NHWC', 'NDHWC'].includes(this.text('data_format', 'NHWC'))
  }

  /** Whether a matrix product transposes its first and its second input. */
  transposed(): readonly [boolean, boolean] {
    const isBatched = this.op.startsWith('Batch')
    const [left, right] = isBatched ? ['adj_x', 'adj_y'] : ['transpose_a', 'transpose_b']
    return [this.flag(left) || this.flag('transposeA'), this.flag(right) || this.flag('transposeB')]
  }

  type(name: string): unknown {
    return this.attribute(name).type
  }

  shape(name: string): number[] | undefined {
    const { shape } = this.attribute(name)
    return shape === undefined ? undefined : dimensions(shape)
  }

  /** The shapes of its outputs; empty if the file does not state them. */
  outputShapes(): (readonly number[])[] {
    const { shape } = this.listed('_output_shapes')
    return list(shape, '_output_shapes').map((of) => dimensions(of) ?? [])
  }

  private listed(name: string): Json {
    return object(this.attribute(name).list ?? {}, name)
  }

  private attribute(name: string): Json {
    return this.has(name) ? object(this.attributes[name], name) : {}
  }
}

export function isCastToFloat(node: GraphNode): boolean {
  return node.op === 'Cast' && node.type('DstT') === FLOAT.type
}

/** Parses `name` or `name:output`. */
export function tensorRef(name: string): TensorRef {
  const colon = name.lastIndexOf(':')
  const output = colon < 0 ? '' : name.slice(colon + 1)
  if (!/^\d{1,4}$/.test(output)) return { node: name, output: 0 }
  return { node: name.slice(0, colon), output: Number(output) }
}

/** The sizes of a shape, -1 if open; undefined if the rank is unknown. */
export function dimensions(value: unknown): number[] | undefined {
  const shape = object(value, 'a shape')
  if (shape.unknownRank === true) return undefined
  const sizes = list(shape.dim, 'a shape').map((dim) => Number(object(dim, 'a size').size ?? 0))
  if (sizes.length <= 8 && sizes.every((size) => Number.isInteger(size) && size >= -1)) return sizes
  throw damaged('a shape has invalid sizes')
}

/** A string is bytes, in base64 or as a list of numbers. */
function decoded(value: unknown): string {
  if (typeof value === 'string') return Buffer.from(value, 'base64').toString('latin1')
  return Buffer.from(list(value, 'a text').map(Number)).toString('latin1')
}
