import type { LetiError } from '@leti/records'
import type { Value } from '../../importer/value.js'
import type { Constant } from '../../importer/constant.js'
import { GraphReader } from '../../importer/graph-reader.js'
import { printable } from '../../importer/names.js'
import type { Operation } from '../../importer/operation.js'
import type { ReadModel } from '../../importer/read-model.js'
import { Call, type NodeResult } from './call.js'
import type { GraphNode, TensorRef } from './graph-node.js'
import type { Graph } from './graph.js'
import { damaged } from './json.js'
import { READERS } from './operators.js'
import { unknownNode } from './unknown.js'

/**
 * Reads the graph of a TensorFlow.js model into a network.
 *
 * @param constants the weights, by the names of their nodes
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function readGraph(
  graph: Graph,
  constants: ReadonlyMap<string, Constant>,
  name: string,
): ReadModel {
  return new Reader().read(graph, constants, name)
}

/** Keys of tensors are `node:output`. */
class Reader extends GraphReader<GraphNode, string, Value, Call> {
  read(graph: Graph, constants: ReadonlyMap<string, Constant>, name: string): ReadModel {
    for (const { node, shape, constant } of graph.inputs) {
      this.set(firstOutput(node), constant ?? this.assembly.input(node, shape))
    }
    for (const { name: node } of graph.nodes) {
      const constant = constants.get(node)
      if (constant && !this.has(firstOutput(node))) this.set(firstOutput(node), constant)
    }
    const nodes = graph.nodes.filter((node) => !this.has(firstOutput(node.name)))
    const outputs = graph.outputs.map(keyOf)
    this.readNodes(nodes, outputs)
    return this.assembly.build(
      name,
      outputs.map((output) => this.tensor(output)),
    )
  }

  protected override nameOf({ name }: GraphNode): string {
    return name
  }

  protected override inputsOf({ inputs }: GraphNode): readonly string[] {
    return inputs.map(keyOf)
  }

  protected override outputsOf({ name }: GraphNode, count: number): readonly string[] {
    return Array.from({ length: count }, (_, output) => keyOf({ node: name, output }))
  }

  protected override valueOf(value: Value): Value {
    return value
  }

  protected override call(node: GraphNode, inputs: readonly Value[], operation: Operation): Call {
    if (node.op === 'Const') throw damaged(`constant "${printable(node.name)}" has no weights`)
    return new Call(node, inputs, operation)
  }

  protected override known(call: Call): NodeResult {
    return call.inputs.length > 0 ? READERS.get(call.node.op)?.(call) : undefined
  }

  protected override unknown(call: Call): readonly Value[] {
    return unknownNode(call)
  }

  protected override missing(key: string): LetiError {
    return damaged(`no node computes tensor "${printable(key)}"`)
  }
}

function firstOutput(node: string): string {
  return keyOf({ node, output: 0 })
}

function keyOf({ node, output }: TensorRef): string {
  return `${node}:${output}`
}
