import { asLetiError, type LetiError } from '@leti/records'
import type { Value } from './value.js'
import { Assembly } from './assembly.js'
import { Folding } from './folding.js'
import { Operation } from './operation.js'

/** One tensor for a node of one output, otherwise one for each output. */
export type Tensors<Tensor> = Tensor | readonly Tensor[]

/**
 * The loop that all formats share: reads the nodes of a file's graph, in order, into a network. A node
 * without an equivalent in LETI, or whose inputs do not fit it, becomes an unknown operator.
 *
 * `Node` is a node of the file, `Key` identifies a tensor of the file, `Tensor` is a tensor that was
 * read, and `Call` is a node together with the tensors that it reads.
 */
export abstract class GraphReader<Node, Key, Tensor, Call> {
  protected readonly assembly = new Assembly()
  private readonly folding = new Folding()
  private readonly tensors = new Map<Key, Tensor>()
  /** How often each tensor is read; being an output of the graph counts as one. */
  private readonly uses = new Map<Key, number>()
  /** Values that are read more than once. */
  private readonly shared = new WeakSet<Value>()

  /** @param isLiteral whether each operator of the file stays a node: see `Operation` */
  constructor(private readonly isLiteral = false) {}

  /** Name of the node in the network. */
  protected abstract nameOf(node: Node): string

  /** Keys of the tensors that the node reads; undefined for an optional input that is absent. */
  protected abstract inputsOf(node: Node): readonly (Key | undefined)[]

  /** Keys of the tensors that the node computes; `count` is how many reading it gave. */
  protected abstract outputsOf(node: Node, count: number): readonly Key[]

  protected abstract valueOf(tensor: Tensor): Value

  protected abstract call(
    node: Node,
    inputs: readonly (Tensor | undefined)[],
    operation: Operation,
  ): Call

  /**
   * Reads an operator that LETI has.
   *
   * @returns undefined if LETI has no equivalent
   * @throws {LetiError} `bad-arch` if the inputs do not fit the operator
   */
  protected abstract known(call: Call): Tensors<Tensor> | undefined

  /** Keeps an operator that LETI does not have, by its name and shapes. */
  protected abstract unknown(call: Call): readonly Tensor[]

  /** The error for a tensor that is read before anything computes it. */
  protected abstract missing(key: Key): LetiError

  /**
   * Reads the nodes; inputs and constants of the graph must have been set.
   *
   * @param nodes each after the nodes whose tensors it reads
   * @param outputs keys of the tensors that the network gives
   * @param begin sets tensors whose uses must have been counted
   */
  protected readNodes(nodes: readonly Node[], outputs: readonly Key[], begin?: () => void): void {
    this.countUses([...nodes.flatMap((node) => this.inputsOf(node)), ...outputs])
    begin?.()
    for (const node of nodes) this.readNode(node)
  }

  protected readNode(node: Node): void {
    const inputs = this.inputsOf(node).map((key) =>
      key === undefined ? undefined : this.input(key),
    )
    const call = this.call(node, inputs, this.operation(this.nameOf(node)))
    const read = this.knownOrNot(call) ?? this.unknown(call)
    const tensors: readonly Tensor[] = isList(read) ? read : [read]
    this.outputsOf(node, tensors.length).forEach((key, index) => this.set(key, tensors[index]))
  }

  protected operation(name: string): Operation {
    const isSole = (value: Value): boolean => !this.shared.has(value)
    return new Operation(name, this.assembly, this.folding, isSole, this.isLiteral)
  }

  protected set(key: Key, tensor: Tensor): void {
    this.tensors.set(key, tensor)
    if ((this.uses.get(key) ?? 0) > 1) this.shared.add(this.valueOf(tensor))
  }

  /** A tensor that a node reads; undefined if the format allows one that nothing computes. */
  protected input(key: Key): Tensor | undefined {
    return this.tensor(key)
  }

  /** Whether a node reads the tensor, or the graph gives it. */
  protected isRead(key: Key): boolean {
    return this.uses.has(key)
  }

  protected has(key: Key): boolean {
    return this.tensors.has(key)
  }

  /** @throws what `missing` gives */
  protected tensor(key: Key): Tensor {
    const tensor = this.tensors.get(key)
    if (tensor === undefined) throw this.missing(key)
    return tensor
  }

  private knownOrNot(call: Call): Tensors<Tensor> | undefined {
    try {
      return this.known(call)
    } catch (error) {
      if (asLetiError(error)?.code === 'bad-arch') return undefined
      throw error
    }
  }

  private countUses(keys: readonly (Key | undefined)[]): void {
    for (const key of keys) {
      if (key !== undefined) this.uses.set(key, (this.uses.get(key) ?? 0) + 1)
    }
  }
}

function isList<Tensor>(read: Tensors<Tensor>): read is readonly Tensor[] {
  return Array.isArray(read)
}
