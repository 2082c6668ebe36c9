import {
  elements,
  NetworkBuilder,
  sameShape,
  type Network,
  type Operator,
  type Shape,
} from '@leti/network'
import { LetiError } from '@leti/records'
import { activationOf, isConstant, type Activation, type Value } from './activation.js'
import { withoutBatch } from './axes.js'
import { Clip } from './clip.js'
import { floatsOf, type Constant } from './constant.js'
import { withWholeGelus } from './gelu.js'
import { liveNetwork } from './live-network.js'
import { printable, uniqueNames } from './names.js'
import { Product, type Affine, type ProductParts } from './product.js'
import type { ReadModel } from './read-model.js'
import { Reshaped } from './reshaped.js'
import { Root } from './root.js'
import { isShape } from './shapes.js'

/** More than any network has: a small file could ask for any number. */
const MAX_NODES = 2 ** 18

/** Puts a network together from the tensors of a file. */
export class Assembly {
  private readonly builder = new NetworkBuilder()
  private readonly nameOf = uniqueNames()
  /** Unique names that no node has yet. */
  private readonly reserved = new Set<string>()
  private size = 0
  /** By the name of the node and the role. */
  private readonly weights = new Map<string, () => Float32Array>()
  private readonly constants = new Map<Constant, number>()

  /** A unique name for a node to come: what is added before it gets another. */
  reserve(name: string): string {
    const unique = this.nameOf(name)
    this.reserved.add(unique)
    return unique
  }

  /** @throws {LetiError} `bad-model` where a size is none */
  input(name: string, shape: Shape): Activation {
    if (!isShape(shape) || elements(shape) === 0) throw misshapen(name, shape)
    return activationOf(this.node(name, { type: 'input', shape: withoutBatch(shape) }, []), shape)
  }

  /**
   * Adds a node.
   *
   * @param shape what it gives in the file, the batch included; a reshape follows where the network
   *   has it otherwise
   * @throws {LetiError} `bad-arch` where the inputs do not fit
   */
  add(
    name: string,
    operator: Operator,
    inputs: readonly Value[],
    shape: Shape,
    isPositive = false,
  ): Activation {
    const reads = inputs.map((input) => this.nodeOf(input))
    // An input that is missing an axis may fit now, or not: the shape decides.
    inferredShape(
      operator,
      reads.map((read) => this.builder.shapeOf(read)),
    )
    const node = this.node(name, operator, reads)
    return activationOf(this.shaped(`${name}/shape`, node, withoutBatch(shape)), shape, isPositive)
  }

  /** A convolution or dense layer, which takes in what follows it. */
  product(parts: Omit<ProductParts, 'input' | 'folded'>, input: Value): Product {
    const read = this.nodeOf(input)
    inferredShape(parts.operator, [this.builder.shapeOf(read)])
    return new Product({ ...parts, input: read, folded: 0 }, (product) => this.addProduct(product))
  }

  /** An activation within limits, which takes in limits that follow it. */
  clip(name: string, source: Activation, low: number, high: number): Clip {
    // What waits reads nothing that waits: a long row of them would be too deep.
    source.node()
    return new Clip(name, source, low, high, (clip) => this.addClip(clip))
  }

  /** The square root of an activation; a division by it becomes a product with its inverse. */
  root(name: string, source: Activation): Root {
    source.node()
    return new Root(source, () => this.node(name, { type: 'sqrt' }, [source.node()]))
  }

  /** An activation in another shape of as many elements. */
  reshape(name: string, source: Activation, shape: Shape): Activation {
    if (!(source instanceof Reshaped)) source.node()
    return new Reshaped(name, source, shape, (reshaped) =>
      this.shaped(name, reshaped.source.node(), withoutBatch(shape)),
    )
  }

  /** A batch norm that follows no convolution: it scales and shifts the last axis. */
  affine(name: string, input: Activation, { scale, shift }: Affine): Activation {
    const unique = this.nameOf(name)
    const node = this.builder.add(unique, { type: 'batch_norm' }, input.node())
    this.weights.set(`${unique}/filter`, scale)
    this.weights.set(`${unique}/bias`, shift)
    return activationOf(node, input.shape)
  }

  /** A constant becomes a node, for an operator that computes with it as with any activation. */
  activation(value: Value): Activation {
    return isConstant(value) ? activationOf(this.nodeOf(value), value.shape) : value
  }

  /** Adds the activation's node now, and reshapes it if the file says another shape. */
  settled(name: string, value: Activation, shape: Shape): Activation {
    const node = this.shaped(`${name}/shape`, value.node(), withoutBatch(shape))
    return activationOf(node, shape, value.isPositive)
  }

  /** The value with a leading axis of size 1 in its node too, for what stacks along it. */
  whole(name: string, value: Value): Activation {
    return activationOf(this.shaped(name, this.nodeOf(value), value.shape), value.shape)
  }

  /** An operator that LETI does not know, by its name: one activation for each of its outputs. */
  unknown(
    names: readonly string[],
    operator: string,
    inputs: readonly Value[],
    shapes: readonly Shape[],
  ): Activation[] {
    const reads = inputs
      .filter((input) => !isConstant(input) || input.isFloat)
      .map((input) => this.nodeOf(input))
    const [first, ...further] = shapes.map((shape) => {
      if (!isShape(shape)) throw misshapen(names[0], shape)
      return withoutBatch(shape)
    })
    const node = this.node(
      names[0],
      { type: 'unknown', name: printable(operator), shape: first },
      reads,
    )
    const outputs = further.map((shape, index) =>
      this.node(names[index + 1], { type: 'unknown_output', index: index + 1, shape }, [node]),
    )
    return [node, ...outputs].map((output, index) => activationOf(output, shapes[index]))
  }

  build(name: string, outputs: readonly Value[], isQuantized = false): ReadModel {
    const nodes = outputs.map((output) => this.nodeOf(output))
    const built = this.builder.build(name, ...nodes)
    const network = liveNetwork(withWholeGelus(built, (node) => this.scalarOf(built, node)))
    const { weights } = this
    return {
      network,
      isQuantized,
      weights: (node, role) => {
        const values = weights.get(`${node}/${role}`)
        if (!values) throw new LetiError('bad-model', `the file has no ${role} for ${node}`)
        return values()
      },
    }
  }

  private scalarOf({ nodes }: Network, index: number): number | undefined {
    const { name, operator, shape } = nodes[index]
    if (operator.type !== 'constant' || elements(shape) !== 1) return undefined
    return this.weights.get(`${name}/value`)?.()[0]
  }

  private nodeOf(value: Value): number {
    if (!isConstant(value)) return value.node()
    const known = this.constants.get(value)
    if (known !== undefined) return known
    const name = this.nameOf(value.name ?? 'constant')
    const node = this.builder.add(name, { type: 'constant', shape: withoutBatch(value.shape) })
    this.weights.set(`${name}/value`, () => floatsOf(value))
    this.constants.set(value, node)
    return node
  }

  private node(name: string, operator: Operator, inputs: readonly number[]): number {
    if (++this.size > MAX_NODES) {
      throw new LetiError('unsupported', `more than ${MAX_NODES} operators`)
    }
    return this.builder.add(this.taken(name), operator, ...inputs)
  }

  private taken(name: string): string {
    return this.reserved.delete(name) ? name : this.nameOf(name)
  }

  private shaped(name: string, node: number, shape: Shape): number {
    if (sameShape(this.builder.shapeOf(node), shape)) return node
    return this.node(name, { type: 'reshape', shape }, [node])
  }

  private addProduct(product: Product): number {
    const { operator, input, norm, shape } = product.parts
    const name = this.taken(product.parts.name)
    let node = this.builder.add(name, operator, input)
    this.weights.set(`${name}/filter`, () => product.filter())
    if (operator.bias || norm) this.weights.set(`${name}/bias`, () => product.bias())
    if (norm) node = this.node(`${name}/batch_norm`, { type: 'batch_norm' }, [node])
    return this.shaped(`${name}/shape`, node, withoutBatch(shape))
  }

  private addClip(clip: Clip): number {
    return this.node(clip.name, clip.operator(), [clip.source.node()])
  }
}

/**
 * The shape that an operator gives, both without batch.
 *
 * @throws {LetiError} `bad-arch` where the inputs do not fit
 */
export function inferredShape(operator: Operator, inputs: readonly Shape[]): Shape {
  const scratch = new NetworkBuilder()
  const nodes = inputs.map((shape) => scratch.add('', { type: 'input', shape }))
  const shape = scratch.shapeOf(scratch.add('', operator, ...nodes))
  if (isShape(shape)) return shape
  throw new LetiError('bad-arch', `${operator.type} gives more than any memory holds`)
}

function misshapen(name: string, shape: Shape): LetiError {
  return new LetiError(
    'bad-model',
    `${printable(name)} has the shape ${shape.slice(0, 9).join('x')}`,
  )
}
