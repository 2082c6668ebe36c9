import { asLetiError } from '@leti/records'
import type { Value } from '../../importer/activation.js'
import { Assembly } from '../../importer/assembly.js'
import { printable } from '../../importer/names.js'
import type { Constant } from '../../importer/constant.js'
import { Folding } from '../../importer/folding.js'
import { Operation } from '../../importer/operation.js'
import type { ReadModel } from '../../importer/read-model.js'
import { Call, type NodeResult } from './call.js'
import type { GraphNode, TensorRef } from './graph-node.js'
import type { Graph } from './graph.js'
import { damaged } from './json.js'
import { READERS } from './operators.js'
import { unknownNode } from './unknown.js'

/**
 * The network of a graph.
 *
 * @param constants the weights, by the names of their nodes
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function readGraph(
  graph: Graph,
  constants: ReadonlyMap<string, Constant>,
  name: string,
): ReadModel {
  return new Reader(graph, constants).read(name)
}

class Reader {
  private readonly assembly = new Assembly()
  private readonly folding = new Folding()
  private readonly values = new Map<string, Value>()
  /** How often each tensor is read, from outside included. */
  private readonly uses = new Map<string, number>()
  /** Values that are read more than once. */
  private readonly shared = new WeakSet<Value>()

  constructor(
    private readonly graph: Graph,
    private readonly constants: ReadonlyMap<string, Constant>,
  ) {
    const refs = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs]
    for (const ref of refs) this.uses.set(keyOf(ref), (this.uses.get(keyOf(ref)) ?? 0) + 1)
  }

  read(name: string): ReadModel {
    const { inputs, nodes, outputs } = this.graph
    for (const { node, shape } of inputs) this.set(node, [this.assembly.input(node, shape)])
    for (const node of nodes) {
      if (!this.values.has(keyOf({ node: node.name, output: 0 }))) {
        this.set(node.name, this.valuesOf(node))
      }
    }
    return this.assembly.build(
      name,
      outputs.map((output) => this.value(output)),
    )
  }

  private valuesOf(node: GraphNode): readonly Value[] {
    const constant = this.constants.get(node.name)
    if (constant) return [constant]
    if (node.op === 'Const') throw damaged(`there are no weights for ${printable(node.name)}`)
    const call = new Call(
      node,
      node.inputs.map((input) => this.value(input)),
      new Operation(node.name, this.assembly, this.folding, (value) => !this.shared.has(value)),
    )
    const result = known(call) ?? unknownNode(call)
    return 'shape' in result ? [result] : result
  }

  private value(ref: TensorRef): Value {
    const value = this.values.get(keyOf(ref))
    if (!value) throw damaged(`nothing computes ${printable(keyOf(ref))}`)
    return value
  }

  private set(node: string, values: readonly Value[]): void {
    for (const [output, value] of values.entries()) {
      const key = keyOf({ node, output })
      this.values.set(key, value)
      if ((this.uses.get(key) ?? 0) > 1) this.shared.add(value)
    }
  }
}

/** What LETI knows the node as: undefined too where its inputs do not fit. */
function known(call: Call): NodeResult {
  const reader = call.inputs.length > 0 ? READERS.get(call.node.op) : undefined
  try {
    return reader?.(call)
  } catch (error) {
    if (asLetiError(error)?.code === 'bad-arch') return undefined
    throw error
  }
}

function keyOf({ node, output }: TensorRef): string {
  return `${node}:${output}`
}
