import { constantOf, type Constant } from '../../../importer/constant.js'
import { FLOAT, tensorShape, type NodeDef } from '../../schema.js'

/** The graph model that the layers of a Keras model are lowered to: its nodes and weights. */
export class Lowering {
  readonly nodes: NodeDef[] = []
  readonly constants = new Map<string, Constant>()
  /** Weights by the last two parts of their names: `layer/weight`. */
  private readonly byEnding = new Map<string, Constant>()

  /** @param weights by their names: `layer/weight`, perhaps after the names of enclosing models */
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

  /** @param shape open sizes are -1; undefined if even the rank is open */
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

  /** A weight of a layer, if the file has it. */
  weight(layer: string, weight: string): Constant | undefined {
    const name = `${layer}/${weight}`
    return this.weights.get(name) ?? this.byEnding.get(name.split('/').slice(-2).join('/'))
  }
}
