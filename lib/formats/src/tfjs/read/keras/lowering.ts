import { constantOf, type Constant } from '../../../importer/constant.js'
import { FLOAT, tensorShape, type NodeDef } from '../../schema.js'

/** The nodes of a graph model that layers become, and the weights that they read. */
export class Lowering {
  readonly nodes: NodeDef[] = []
  readonly constants = new Map<string, Constant>()
  /** Weights by the last two parts of their names. */
  private readonly byEnding = new Map<string, Constant>()

  /** @param weights by their names: `layer/weight`, or with the models around it before */
  constructor(private readonly weights: ReadonlyMap<string, Constant>) {
    for (const [name, constant] of weights) {
      this.byEnding.set(name.split('/').slice(-2).join('/'), constant)
    }
  }

  /** Adds a node; returns its name. */
  add(name: string, op: string, input: readonly string[], attr: NodeDef['attr'] = {}): string {
    this.nodes.push({ name, op, input, attr })
    return name
  }

  /** @param shape -1 where a size is open; undefined where all is */
  placeholder(name: string, shape: readonly number[] | undefined): string {
    const attr = shape && { shape: { shape: tensorShape(shape) } }
    return this.add(name, 'Placeholder', [], { dtype: FLOAT, ...attr })
  }

  integers(name: string, values: readonly number[]): string {
    return this.constant(name, constantOf(values))
  }

  scalar(name: string, value: number): string {
    return this.constant(name, constantOf([value], [], true))
  }

  constant(name: string, constant: Constant): string {
    this.constants.set(name, constant)
    return this.add(name, 'Const', [])
  }

  /** A layer's weight, where it has it. */
  weight(layer: string, weight: string): Constant | undefined {
    const name = `${layer}/${weight}`
    return this.weights.get(name) ?? this.byEnding.get(name.split('/').slice(-2).join('/'))
  }
}
