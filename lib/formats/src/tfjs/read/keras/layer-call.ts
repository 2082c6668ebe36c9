import type { Constant } from '../../../importer/constant.js'
import { integers, NHWC, text, type NodeDef } from '../../schema.js'
import { printable } from '../../../importer/names.js'
import { damaged, list, type Json } from '../json.js'
import type { Lowering } from './lowering.js'
import type { Layer } from './topology.js'

/** A call of a Keras layer that is being lowered to graph nodes. */
export class LayerCall {
  readonly config: Json

  constructor(
    readonly graph: Lowering,
    readonly layer: Layer,
    /** Name of the node that gives the layer's output. */
    readonly name: string,
    readonly inputs: readonly string[],
  ) {
    this.config = layer.config
  }

  /** The first input. @throws {LetiError} `bad-model` if there is none */
  get input(): string {
    const [input] = this.inputs
    if (input === undefined) throw damaged(`layer "${printable(this.layer.name)}" has no input`)
    return input
  }

  /** Adds a node; without `part` it is the layer's output. Returns its name. */
  add(op: string, inputs: readonly string[], attr: NodeDef['attr'] = {}, part = ''): string {
    return this.graph.add(this.part(part), op, inputs, attr)
  }

  /** Adds a constant of integers, such as axes. */
  integers(part: string, values: readonly number[]): string {
    return this.graph.integers(this.part(part), values)
  }

  scalar(part: string, value: number): string {
    return this.graph.scalar(this.part(part), value)
  }

  weight(name: string): Constant | undefined {
    return this.graph.weight(this.layer.name, name)
  }

  /** Adds a weight of the layer. @throws {LetiError} `bad-model` if the file lacks it */
  weightNode(name: string): string {
    const constant = this.weight(name)
    if (!constant) throw damaged(`layer "${printable(this.layer.name)}" has no weight "${name}"`)
    return this.graph.constant(this.part(name), constant)
  }

  /** A member of two numbers, which may be written as one. */
  pair(name: string, fallback: unknown): [number, number] {
    const value = this.config[name] ?? fallback
    if (typeof value === 'number') return [value, value]
    const values = list(value, name).map(Number)
    return values.length === 1 ? [values[0], values[0]] : [values[0], values[1]]
  }

  number(name: string, fallback: number): number {
    return Number(this.config[name] ?? fallback)
  }

  flag(name: string, fallback: boolean): boolean {
    return Boolean(this.config[name] ?? fallback)
  }

  isChannelsLast(): boolean {
    return (this.config.data_format ?? 'channels_last') === 'channels_last'
  }

  padding(): string {
    const { padding } = this.config
    return typeof padding === 'string' ? padding.toLowerCase() : 'valid'
  }

  /** The attributes of a convolution's or pooling's window. */
  window(strides: readonly number[], dilations: readonly number[] = [1, 1]): NodeDef['attr'] {
    return {
      strides: integers([1, ...strides, 1]),
      dilations: integers([1, ...dilations, 1]),
      padding: text(this.padding().toUpperCase()),
      data_format: NHWC,
    }
  }

  /** Lowers a layer of rows to an operator on images of height 1. */
  onRows(run: (image: string, part: string) => string): string {
    const axis = this.integers('axis', [1])
    const image = this.add('ExpandDims', [this.input, axis], {}, 'image')
    const result = run(image, 'rows')
    return this.add('Squeeze', [result], { squeeze_dims: integers([1]) })
  }

  private part(part: string): string {
    return part ? `${this.name}/${part}` : this.name
  }
}
