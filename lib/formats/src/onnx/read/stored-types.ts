import { ATTRIBUTE, TENSOR } from '../schema.js'
import type { OnnxNode } from './node.js'
import type { OnnxGraph } from './parse.js'

/** Operators that give the numbers of their first input, in its type. */
const COPIES = /^(Identity|Reshape|Squeeze|Unsqueeze|Flatten|Transpose|Slice|Gather|Expand|Tile)$/

/**
 * The types of the tensors that a file stores, and of those that copy their numbers: what a code of 0 means depends
 * on them.
 */
export class StoredTypes {
  /** `TensorProto.DataType` by the names of tensors. */
  private readonly types = new Map<string, number>()

  constructor(graph: OnnxGraph) {
    this.addGraph(graph)
  }

  of(name: string): number | undefined {
    return this.types.get(name)
  }

  /** Adds the stored tensors of a graph, such as a branch. */
  addGraph({ types }: OnnxGraph): void {
    for (const [name, type] of types) this.types.set(name, type)
  }

  /** Adds the outputs of a node. Its inputs come before. */
  addNode({ op, inputs, outputs: [output], attributes }: OnnxNode): void {
    const type =
      op === 'Constant'
        ? attributes.get('value')?.message(ATTRIBUTE.t)?.int(TENSOR.dataType)
        : op === 'Cast'
          ? attributes.get('to')?.int(ATTRIBUTE.i)
          : COPIES.test(op)
            ? this.types.get(inputs[0] ?? '')
            : undefined
    if (output && type !== undefined) this.types.set(output, type)
  }
}
