import {
  elements,
  MAX_NODES,
  NetworkBuilder,
  sameShape,
  type Network,
  type Operator,
  type Shape,
} from '@leti/network'
import { LetiError } from '@leti/records'
import { computedTensor, isConstant, type ComputedTensor, type Value } from './value.js'
import { withoutBatch } from './axes.js'
import { batchOf } from './batch.js'
import { Clip } from './clip.js'
import { floatsOf, scalarOf, type Constant } from './constant.js'
import { withWholeGelus } from './gelu.js'
import { liveNetwork } from './live-network.js'
import { printable, uniqueNames } from './names.js'
import { Product, type Affine, type ProductParts } from './product.js'
import type { ReadModel } from './read-model.js'
import { Reshaped } from './reshaped.js'
import { Root } from './root.js'
import { isShape } from './shapes.js'
import { Sharing } from './sharing.js'
import { isTraffic } from './traffic.js'

/** Axes of a batch of images. */
const IMAGE_RANK = 4

/** Limit on the parts of an image that are convolved one by one. */
const MAX_PARTS = 64

/** Puts a network together from the tensors of a file. */
export class Assembly {
  private readonly builder = new NetworkBuilder()
  private readonly nameOf = uniqueNames()
  /** Unique names that no node has yet. */
  private readonly reserved = new Set<string>()
  private readonly sharing = new Sharing()
  private size = 0
  /** By the name of the node and the role. */
  private readonly weights = new Map<string, () => Float32Array>()
  private readonly constants = new Map<Constant, number>()
  /** The inputs with as many axes as a batch of images, or more. */
  private readonly images: { readonly name: string; readonly shape: Shape }[] = []
  private readonly inputs: Shape[] = []

  /** Reserves a unique name for a node to come; nodes added before it get other names. */
  reserve(name: string): string {
    const unique = this.nameOf(name)
    this.reserved.add(unique)
    return unique
  }

  /**
   * @param stated the shape in the file's order of axes
   * @throws {LetiError} `bad-model` if a size is invalid, `unsupported` if the input holds nothing
   */
  input(name: string, shape: Shape, stated = shape): ComputedTensor {
    if (!isShape(shape)) throw misshapen(name, shape)
    if (elements(shape) === 0) {
      const sizes = stated.join('x')
      throw new LetiError(
        'unsupported',
        `input "${printable(name)}" holds no numbers: its shape is ${sizes}`,
      )
    }
    this.inputs.push(shape)
    if (shape.length >= IMAGE_RANK) this.images.push({ name, shape: stated })
    return computedTensor(this.node(name, { type: 'input', shape: withoutBatch(shape) }, []), shape)
  }

  /**
   * Adds a node.
   *
   * @param shape of the output in the file, with the batch; if the network's shape differs, a reshape is
   *   added
   * @throws {LetiError} `bad-arch` if the inputs do not fit the operator
   */
  add(
    name: string,
    operator: Operator,
    inputs: readonly Value[],
    shape: Shape,
    isPositive = false,
  ): ComputedTensor {
    const reads = inputs.map((input) => this.nodeOf(input))
    // Throws if the inputs, which lack the batch here, do not fit.
    inferredShape(
      operator,
      reads.map((read) => this.builder.shapeOf(read)),
    )
    const node = this.node(name, operator, reads)
    return computedTensor(
      this.shaped(`${name}/shape`, node, withoutBatch(shape)),
      shape,
      isPositive,
    )
  }

  /** A convolution or dense layer, which may fold in the operators that follow it. */
  product(parts: Omit<ProductParts, 'input' | 'folded'>, input: Value): Product {
    const read = this.nodeOf(input)
    inferredShape(parts.operator, [this.builder.shapeOf(read)])
    return new Product({ ...parts, input: read, folded: 0 }, (product) => this.addProduct(product))
  }

  /** Clamps a tensor; limits that follow may be merged into it. */
  clip(name: string, source: ComputedTensor, low: number, high: number): Clip {
    // A pending tensor must not read another one: a long chain would overflow the stack.
    source.node()
    return new Clip(name, source, low, high, (clip) => this.addClip(clip))
  }

  /** The square root of a tensor; a division by it becomes a multiplication by `rsqrt`. */
  root(name: string, source: ComputedTensor): Root {
    source.node()
    return new Root(source, () => this.node(name, { type: 'sqrt' }, [source.node()]))
  }

  /** Gives a tensor another shape with as many elements. */
  reshape(name: string, source: ComputedTensor, shape: Shape): ComputedTensor {
    if (!(source instanceof Reshaped)) source.node()
    return new Reshaped(name, source, shape, (reshaped) =>
      this.shaped(name, reshaped.source.node(), withoutBatch(shape)),
    )
  }

  /** A batch norm that follows no convolution: it scales and shifts the last axis. */
  affine(name: string, input: ComputedTensor, { scale, shift }: Affine): ComputedTensor {
    const unique = this.nameOf(name)
    const node = this.builder.add(unique, { type: 'batch_norm' }, input.node())
    this.weights.set(`${unique}/filter`, scale)
    this.weights.set(`${unique}/bias`, shift)
    return computedTensor(node, input.shape)
  }

  /** Makes a constant a node, for operators whose input must be a computed tensor. */
  asComputed(value: Value): ComputedTensor {
    return isConstant(value) ? computedTensor(this.nodeOf(value), value.shape) : value
  }

  /** Adds the tensor's node now, and a reshape if the file states another shape. */
  settled(name: string, value: ComputedTensor, shape: Shape): ComputedTensor {
    const node = this.shaped(`${name}/shape`, value.node(), withoutBatch(shape))
    return computedTensor(node, shape, value.isPositive)
  }

  /** Keeps a leading axis of size 1 in the node, for a concatenation along that axis. */
  whole(name: string, value: Value): ComputedTensor {
    return computedTensor(this.shaped(name, this.nodeOf(value), value.shape), value.shape)
  }

  /**
   * Adds an operator that LETI does not have, by its name; returns one tensor per output.
   *
   * @param type whether it may multiply matrices
   * @throws {LetiError} `unsupported` if it may be unknown for the batch that it reads
   */
  unknown(
    names: readonly string[],
    operator: string,
    inputs: readonly Value[],
    shapes: readonly Shape[],
    type: 'traffic' | 'unknown' = isTraffic(operator) ? 'traffic' : 'unknown',
  ): ComputedTensor[] {
    const reads = inputs
      // Indices and sizes are arguments. A matrix of integers may be quantized weights.
      .filter(
        (input) => !isConstant(input) || input.isFloat || (type === 'unknown' && isMatrix(input)),
      )
      .map((input) => this.nodeOf(input))
    const [first, ...further] = shapes.map((shape) => {
      if (!isShape(shape)) throw misshapen(names[0], shape)
      return withoutBatch(shape)
    })
    if (type === 'unknown') this.checkBatch(operator, inputs)
    const node = this.node(names[0], { type, name: printable(operator), shape: first }, reads)
    const outputs = further.map((shape, index) =>
      this.node(names[index + 1], { type: 'unknown_output', index: index + 1, shape }, [node]),
    )
    return [node, ...outputs].map((output, index) => computedTensor(output, shapes[index]))
  }

  /** Whether a leading axis of more than one is no batch of the inputs: parts of an image are stacked along it. */
  isParts(shape: Shape): boolean {
    const [count] = shape
    const isBatch = this.inputs.some((input) => input.length > 1 && input[0] === count)
    return count > 1 && count <= MAX_PARTS && !isBatch
  }

  build(name: string, outputs: readonly Value[], isQuantized = false): ReadModel {
    const nodes = outputs.map((output) => this.nodeOf(output))
    const built = this.builder.build(name, ...nodes)
    const whole = withWholeGelus(built, (node) => this.scalarOf(built, node))
    const live = liveNetwork(whole)
    const network = { ...live, nodes: this.sharing.marked(live.nodes) }
    const { weights } = this
    const shapes = outputs.map(({ shape }) => shape)
    return {
      network,
      isQuantized,
      batch: batchOf(network, this.inputs, shapes),
      weights: (node, role) => {
        const values = weights.get(`${node}/${role}`)
        if (!values) throw new LetiError('bad-model', `the file has no ${role} for node "${node}"`)
        return values()
      },
    }
  }

  /** LETI reads images one by one: an operator on several at once is unknown for that alone. */
  private checkBatch(operator: string, inputs: readonly Value[]): void {
    // Of two computed tensors the second may be a filter, whose first axis is no batch.
    const read = inputs.find((of) => !isConstant(of) && of.shape.length >= IMAGE_RANK)
    const image = this.images.find(({ shape: [batch] }) => batch > 1 && read?.shape[0] === batch)
    if (!image) return
    const [batch, ...sizes] = image.shape
    const name = printable(image.name)
    throw new LetiError(
      'unsupported',
      `operator ${printable(operator)} reads a batch of ${batch}; read the file at batch 1 with --input-shape ${name}:1,${sizes.join()}`,
    )
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
    const node = this.builder.add(name, constantOperator(value))
    this.weights.set(`${name}/value`, () => floatsOf(value))
    this.constants.set(value, node)
    return node
  }

  private node(name: string, operator: Operator, inputs: readonly number[]): number {
    if (++this.size > MAX_NODES) {
      throw new LetiError('unsupported', `the model has more than ${MAX_NODES} operators`)
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
    this.sharing.add(name, product.parts)
    this.weights.set(`${name}/filter`, () => product.filter())
    if (operator.bias || norm) this.weights.set(`${name}/bias`, () => product.bias())
    if (norm) node = this.node(`${name}/batch_norm`, { type: 'batch_norm' }, [node])
    return this.shaped(`${name}/shape`, node, withoutBatch(shape))
  }

  private addClip(clip: Clip): number {
    return this.node(clip.name, clip.operator(), [clip.source.node()])
  }
}

/** A single number, such as an epsilon, is part of the architecture. */
function constantOperator(constant: Constant): Operator {
  const shape = withoutBatch(constant.shape)
  const number = scalarOf(constant)
  const isOne = number !== undefined && Number.isFinite(number)
  const { isFixed } = constant
  return { type: 'constant', shape, ...(isOne && { value: number }), ...(isFixed && { isFixed }) }
}

/**
 * Infers the shape of an operator's output. All shapes are without the batch.
 *
 * @throws {LetiError} `bad-arch` if the inputs do not fit the operator
 */
export function inferredShape(operator: Operator, inputs: readonly Shape[]): Shape {
  const scratch = new NetworkBuilder()
  const nodes = inputs.map((shape) => scratch.add('', { type: 'input', shape }))
  const shape = scratch.shapeOf(scratch.add('', operator, ...nodes))
  if (isShape(shape)) return shape
  throw new LetiError('bad-arch', `the output of ${operator.type} is too large`)
}

function isMatrix({ shape }: Constant): boolean {
  return shape.filter((size) => size > 1).length > 1
}

function misshapen(name: string, shape: Shape): LetiError {
  return new LetiError(
    'bad-model',
    `tensor "${printable(name)}" has the invalid shape ${shape.slice(0, 9).join('x')}`,
  )
}
