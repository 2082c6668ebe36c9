import type { Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { inputShapes, type FileInput, type InputShapes } from '../../importer/input-shapes.js'
import type { Constant } from '../../importer/constant.js'
import { nonFloatInput } from '../../importer/errors.js'
import { FixedNumbers } from '../../importer/fixed-numbers.js'
import { printable } from '../../importer/names.js'
import { MAX_TENSORS } from '../../importer/shapes.js'
import { FLOAT } from '../schema.js'
import { damaged, list, object, type Json } from './json.js'
import { dimensions, GraphNode, tensorRef, type TensorRef } from './graph-node.js'

/** Types without numbers, by their names, or their numbers in TensorFlow's `types.proto`. */
const NOT_NUMBERS: readonly unknown[] = ['DT_STRING', 7, 'DT_COMPLEX64', 8, 'DT_RESOURCE', 20]

/** The type of floats; absent from a layers model. */
const FLOATS: readonly unknown[] = [FLOAT.type, 1, undefined]

interface GraphInput {
  /** Name of its node. */
  readonly node: string
  /** With the batch. */
  readonly shape: Shape
  /** The input's numbers, if the user fixes them. */
  readonly constant: Constant | undefined
}

export interface Graph {
  /** The nodes that the outputs depend on, each after the nodes that it reads. */
  readonly nodes: readonly GraphNode[]
  readonly inputs: readonly GraphInput[]
  readonly outputs: readonly TensorRef[]
}

/**
 * Parses the graph of a `model.json`.
 *
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model`, `unsupported`, `bad-arch` if `asked` does not fit the inputs
 */
export function parseGraph(json: Json, asked?: InputShapes): Graph {
  const topology = object(json.modelTopology, 'modelTopology')
  const nodes = list(topology.node, 'the nodes').map((value) => new GraphNode(value))
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const metadata = object(json.userDefinedMetadata ?? {}, 'userDefinedMetadata')
  const signature = object(json.signature ?? metadata.signature ?? {}, 'the signature')
  const outputs = refsOf(signature.outputs) ?? unread(nodes)
  if (outputs.length === 0 || outputs.length > MAX_TENSORS) throw damaged('it has no outputs')
  const sorted = sortedNodes(byName, outputs)
  const placeholders = nodes.filter(({ op }) => op === 'Placeholder').map(({ name }) => name)
  const names = refsOf(signature.inputs)?.map(({ node }) => node) ?? placeholders
  if (names.length > MAX_TENSORS) throw damaged(`it has ${names.length} inputs`)
  const inputs = [...new Set(names)].map((name): FileInput => {
    const node = byName.get(name)
    if (!node) throw damaged(`input "${printable(name)}" has no node`)
    if (NOT_NUMBERS.includes(node.type('dtype')))
      throw nonFloatInput(name, String(node.type('dtype')))
    return { name, shape: node.shape('shape') ?? signatureShape(name, signature) }
  })
  const shapes = inputShapes(inputs, asked)
  const fixed = new FixedNumbers(asked)
  const read = inputs.map(({ name }, index): GraphInput => {
    const isFloat = FLOATS.includes(byName.get(name)?.type('dtype'))
    const constant = fixed.constantOf(name, shapes[index], isFloat)
    return { node: name, shape: shapes[index], constant }
  })
  fixed.checkUsed(inputs.map(({ name }) => name))
  return {
    nodes: sorted,
    inputs: read,
    outputs,
  }
}

/** The tensors of a signature that have a name; undefined if there is no signature. */
function refsOf(entries: unknown): TensorRef[] | undefined {
  if (entries === undefined) return undefined
  const named = Object.values(object(entries, 'the signature'))
    .map((entry) => object(entry, 'an entry of the signature').name)
    .filter((name) => typeof name === 'string')
  return named.map(tensorRef)
}

/** The nodes that no other node reads. */
function unread(nodes: readonly GraphNode[]): TensorRef[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)))
  return nodes.filter(({ name }) => !read.has(name)).map(({ name }) => ({ node: name, output: 0 }))
}

function signatureShape(name: string, signature: Json): number[] | undefined {
  for (const value of Object.values(object(signature.inputs ?? {}, 'the signature'))) {
    const entry = object(value, 'an entry of the signature')
    const isOf = typeof entry.name === 'string' && tensorRef(entry.name).node === name
    if (isOf && entry.tensorShape !== undefined) return dimensions(entry.tensorShape)
  }
  return undefined
}

/** Sorts topologically, depth first. A stack replaces recursion: graphs may be deep. */
function sortedNodes(
  byName: ReadonlyMap<string, GraphNode>,
  outputs: readonly TensorRef[],
): GraphNode[] {
  const sorted: GraphNode[] = []
  const state = new Map<GraphNode, 'open' | 'done'>()
  const stack = outputs.map(({ node }) => find(byName, node)).reverse()
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    if (state.has(node)) {
      stack.pop()
      if (state.get(node) === 'open') sorted.push(node)
      state.set(node, 'done')
      continue
    }
    state.set(node, 'open')
    for (const { node: name } of node.inputs.toReversed()) {
      const input = find(byName, name)
      if (state.get(input) === 'open') throw loop()
      if (!state.has(input)) stack.push(input)
    }
  }
  return sorted
}

function find(byName: ReadonlyMap<string, GraphNode>, name: string): GraphNode {
  const node = byName.get(name)
  if (!node) throw damaged(`node "${printable(name)}" is missing`)
  return node
}

function loop(): LetiError {
  return new LetiError(
    'unsupported',
    'the graph repeats a part of itself, as often as the input decides; convert the model without its loops',
  )
}
