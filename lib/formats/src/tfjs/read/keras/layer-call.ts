import type { Constant } from '../../../importer/constant.js'
import { integers, NHWC, text, type NodeDef } from '../../schema.js'
import { damaged, list, type Json } from '../json.js'
import type { Lowering } from './lowering.js'
import type { Layer } from './topology.js'

/** A call of a layer, and what is at hand to lower it. */
export class LayerCall {
  readonly config: Json

  constructor(
    readonly graph: Lowering,
    readonly layer: Layer,
    /** Of the node that gives the layer's value. */
    readonly name: string,
    readonly inputs: readonly string[],
  ) {
    this.config = layer.config
  }

  /** @throws {LetiError} `bad-model` where there is none */
  get input(): string {
    const [input] = this.inputs
    if (input === undefined) throw damaged(`a ${this.layer.className} reads nothing`)
    return input
  }

  /** Adds a node: the layer's own, or one of a part of it. */
  add(op: string, inputs: readonly string[], attr: NodeDef['attr'] = {}, part = ''): string {
    return this.graph.add(this.part(part), op, inputs, attr)
  }

  /** Adds a constant of whole numbers that is an argument. */
  integers(part: string, values: readonly number[]): string {
    return this.graph.integers(this.part(part), values)
  }

  scalar(part: string, value: number): string {
    return this.graph.scalar(this.part(part), value)
  }

  weight(name: string): Constant | undefined {
    return this.graph.weight(this.layer.name, name)
  }

  /** Adds a weight. @throws {LetiError} `bad-model` where the file has none */
  weightNode(name: string): string {
    const constant = this.weight(name)
    if (!constant) throw damaged(`there are no weights for a ${this.layer.className}`)
    return this.graph.constant(this.part(name), constant)
  }

  /** Two numbers: one stands for both. */
  pair(name: string, usual: unknown): [number, number] {
    const value = this.config[name] ?? usual
    if (typeof value === 'number') return [value, value]
    const values = list(value, name).map(Number)
    return values.length === 1 ? [values[0], values[0]] : [values[0], values[1]]
  }

  number(name: string, usual: number): number {
    return Number(this.config[name] ?? usual)
  }

  flag(name: string, usual: boolean): boolean {
    return Boolean(this.config[name] ?? usual)
  }

  isChannelsLast(): boolean {
    return (this.config.data_format ?? 'channels_last') === 'channels_last'
  }

  padding(): string {
    const { padding } = this.config
    return typeof padding === 'string' ? padding.toLowerCase() : 'valid'
  }

  /** The attributes of a window. */
  window(strides: readonly number[], dilations: readonly number[] = [1, 1]): NodeDef['attr'] {
    return {
      strides: integers([1, ...strides, 1]),
      dilations: integers([1, ...dilations, 1]),
      padding: text(this.padding().toUpperCase()),
      data_format: NHWC,
    }
  }

  /** A node for a layer of rows: it runs as one of images of height 1. */
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
