import {
  broadcast,
  elements,
  ELEMENTWISE_FUNCTIONS,
  sameShape,
  type Binary,
  type ElementwiseType,
  type OperatorType,
  type Reduction,
} from '@leti/network'
import { isConstant, type ComputedTensor, type Value } from './value.js'
import type { Assembly } from './assembly.js'
import { axesWithoutBatch, batchAxes, withoutBatch } from './axes.js'
import { Clip } from './clip.js'
import { floatsOf, type Constant } from './constant.js'
import type { Folding } from './folding.js'
import { Product } from './product.js'
import { Root } from './root.js'
import { axesOf, axisOf, reducedShape, resolvedShape } from './shapes.js'

/** LETI's arithmetic on two tensors. */
export type ArithmeticType = Exclude<PairedType, ExtremumType>

export type ExtremumType = 'maximum' | 'minimum'

type PairedType = Extract<OperatorType, 'add' | Binary['type']>

/** LETI's reductions of whole axes. */
export type ReductionType = Reduction['type']

/** The output of a file's operator; undefined if LETI has no equivalent. */
export type Result = Value | undefined

/** A batch norm of a file: each constant has one number per channel. */
export interface BatchNorm {
  readonly scale: Constant | undefined
  readonly offset: Constant | undefined
  readonly mean: Constant
  readonly variance: Constant
  readonly epsilon: number
}

/** Translates a node of a file into LETI's operators. All formats share it; each node has its own. */
export class Operation {
  constructor(
    readonly name: string,
    readonly assembly: Assembly,
    readonly folding: Folding,
    /** Whether nothing else reads the value. */
    private readonly isSole: (value: Value) => boolean,
    /**
     * Whether each operator of the file stays a node, even if it has no effect. `.tflite` files are read
     * so, since they list exactly what a runtime executes.
     */
    private readonly isLiteral = false,
  ) {}

  /** The same for an auxiliary node, whose name gets a suffix. */
  named(suffix: string): Operation {
    const name = `${this.name}/${suffix}`
    return new Operation(name, this.assembly, this.folding, this.isSole, this.isLiteral)
  }

  elementwise(type: ElementwiseType, input: Value): Result {
    const { apply, clamp, isApproximate, isNonNegative } = ELEMENTWISE_FUNCTIONS[type]
    if (isConstant(input)) return isApproximate ? undefined : this.folding.mapped(input, apply)
    if (clamp && !this.isLiteral) return this.limited(input, clamp[0], clamp[1])
    if (type === 'sqrt' && !this.isLiteral) return this.assembly.root(this.name, input)
    return this.assembly.add(this.name, { type }, [input], input.shape, isNonNegative)
  }

  /** A function of one element that LETI can apply to constants only. */
  onConstant(input: Value, change: (value: number) => number): Result {
    return isConstant(input) ? this.folding.mapped(input, change) : undefined
  }

  limited(input: Value, low: number, high: number): Result {
    if (!(low <= high)) return undefined
    if (isConstant(input)) {
      return this.folding.mapped(input, (value) => Math.min(Math.max(value, low), high))
    }
    if (low === -Infinity && high === Infinity) return input
    const narrowed =
      input instanceof Clip && this.isSole(input) ? input.within(this.name, low, high) : undefined
    return narrowed ?? this.assembly.clip(this.name, input, low, high)
  }

  binary(type: PairedType, a: Value, b: Value): Result {
    if (isConstant(a) && isConstant(b)) return this.folding.paired(a, b, ARITHMETIC[type])
    if (type === 'div' && b instanceof Root) {
      const inverse = this.named('inverse').inverseRoot(b.source)
      return inverse && this.binary('mul', a, inverse)
    }
    const folded = this.foldedIn(type, a, b)
    if (folded) return folded
    const shape = broadcast([a.shape, b.shape])
    const isPositive = type !== 'sub' && isPositiveValue(a) && isPositiveValue(b)
    return shape && this.assembly.add(this.name, { type }, [a, b], shape, isPositive)
  }

  inverseRoot(input: Value): Result {
    return this.elementwise('rsqrt', input)
  }

  /** A power with an exponent of 1, 2, 0.5 or -0.5; undefined for any other. */
  power(input: Value, exponent: number): Result {
    if (isConstant(input)) return this.folding.mapped(input, (value) => value ** exponent)
    if (exponent === 1) return input
    if (exponent === 2) return this.binary('mul', input, input)
    if (exponent === 0.5) return this.elementwise('sqrt', input)
    return exponent === -0.5 ? this.inverseRoot(input) : undefined
  }

  sum(inputs: readonly Value[]): Result {
    const [first, ...others] = inputs
    if (inputs.length === 0) return undefined
    if (inputs.length === 2 || inputs.every(isConstant)) {
      return others.reduce<Result>((sum, term) => sum && this.binary('add', sum, term), first)
    }
    if (inputs.length === 1) return first
    if (!inputs.every(({ shape }) => sameShape(shape, first.shape))) return undefined
    return this.assembly.add(
      this.name,
      { type: 'add' },
      inputs,
      first.shape,
      inputs.every(isPositiveValue),
    )
  }

  batchNorm(input: Value, { scale, offset, mean, variance, epsilon }: BatchNorm): Result {
    if (isConstant(input) || !(epsilon >= 0)) return undefined
    const size = input.shape[input.shape.length - 1]
    const parts = [scale, offset, mean, variance].filter((part) => part !== undefined)
    if (!parts.every(({ shape }) => sameShape(shape, [size]))) return undefined
    const factors = (): Float32Array => {
      const gamma = scale && floatsOf(scale)
      return floatsOf(variance).map((of, at) => (gamma ? gamma[at] : 1) / Math.sqrt(of + epsilon))
    }
    const shift = (): Float32Array => {
      const beta = offset && floatsOf(offset)
      const by = factors()
      return floatsOf(mean).map((of, at) => (beta ? beta[at] : 0) - of * by[at])
    }
    const norm = { scale: factors, shift }
    const folded =
      input instanceof Product && this.isSole(input) ? input.normalized(norm) : undefined
    return folded ?? this.assembly.affine(this.name, input, norm)
  }

  reshape(input: Value, sizes: readonly number[]): Result {
    const shape = resolvedShape(sizes, elements(input.shape))
    if (!shape) return undefined
    const isSame = sameShape(input.shape, shape)
    if (isConstant(input)) return isSame ? input : this.folding.reshaped(input, shape)
    if (this.isLiteral) {
      const operator = { type: 'reshape', shape: withoutBatch(shape) } as const
      return this.assembly.add(this.name, operator, [input], shape, input.isPositive)
    }
    return isSame ? input : this.assembly.reshape(this.name, input, shape)
  }

  /** @param axes to drop; empty for all axes of size 1 */
  squeeze(input: Value, axes: readonly number[]): Result {
    const { shape } = input
    const found = axesOf(axes, shape.length)
    const gone = found && axesWithoutBatch(found, shape)
    if (!gone || !found.every((axis) => shape[axis] === 1)) return undefined
    const left = shape.filter((size, axis) => (axes.length ? !found.includes(axis) : size !== 1))
    const isPlain = gone.length > 0 && gone.every((axis) => axis >= 0) && shape[0] === 1
    if (isConstant(input) || !isPlain || left[0] !== 1) return this.reshape(input, left)
    const operator = { type: 'squeeze', axes: gone } as const
    return this.assembly.add(this.name, operator, [input], left, input.isPositive)
  }

  /** @param permutation axis `i` of the output is axis `permutation[i]` of the input */
  transpose(input: Value, permutation: readonly number[]): Result {
    const { shape } = input
    const isPermutation =
      permutation.length === shape.length && shape.every((_, axis) => permutation.includes(axis))
    if (!isPermutation) return undefined
    if (isConstant(input)) return this.folding.transposed(input, permutation)
    const permuted = permutation.map((axis) => shape[axis])
    const kept = axesWithoutBatch(permutation, shape)?.filter((axis) => axis >= 0)
    const isIdentity = kept?.every((axis, at) => axis === at)
    if (!kept || (isIdentity && !this.isLiteral)) return this.reshape(input, permuted)
    const operator = { type: 'transpose', permutation: kept } as const
    return this.assembly.add(this.name, operator, [input], permuted, input.isPositive)
  }

  concat(inputs: readonly Value[], axis: number): Result {
    const [first] = inputs
    const along = first && axisOf(axis, first.shape.length)
    if (along === undefined) return undefined
    if (inputs.every(isConstant)) return this.folding.concatenated(inputs, along)
    if (inputs.length === 1 && !this.isLiteral) return first
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === first.shape.length &&
        sameShape(shape.with(along, 0), first.shape.with(along, 0)),
    )
    const size = inputs.reduce((sum, { shape }) => sum + shape[along], 0)
    const shape = first.shape.with(along, size)
    const batch = batchAxes(shape)
    if (!fits || along < batch) return undefined
    const isOfChannels = along === shape.length - 1
    return this.assembly.add(
      this.name,
      { type: 'concat', ...(!isOfChannels && { axis: along - batch }) },
      // Along the leading axis a size of 1 is not the batch.
      along === 0 ? inputs.map((input) => this.assembly.whole(this.name, input)) : inputs,
      shape,
      inputs.every(isPositiveValue),
    )
  }

  slice(
    input: Value,
    begin: readonly number[],
    size: readonly number[],
    steps: readonly number[] = begin.map(() => 1),
  ): Result {
    const { shape } = input
    const fits = shape.every((length, axis) => {
      const last = begin[axis] + (size[axis] - 1) * steps[axis]
      if (size[axis] === 0) return isConstant(input)
      return (
        size[axis] > 0 && begin[axis] >= 0 && begin[axis] < length && last >= 0 && last < length
      )
    })
    if (![begin, size, steps].every((list) => list.length === shape.length) || !fits)
      return undefined
    if (isConstant(input)) return this.folding.sliced(input, begin, size, steps)
    const isWhole = sameShape(shape, size) && steps.every((step) => step === 1)
    if (isWhole && !this.isLiteral) return input
    const batch = batchAxes(shape)
    const strides = steps.slice(batch)
    const operator = {
      type: 'slice',
      begin: begin.slice(batch),
      size: size.slice(batch),
      ...(strides.some((step) => step !== 1) && { strides }),
    } as const
    return this.assembly.add(this.name, operator, [input], size, input.isPositive)
  }

  /** Pads with zeros. @param paddings number of elements before and after, for each axis */
  pad(input: Value, paddings: readonly (readonly [number, number])[]): Result {
    const { shape } = input
    const fits = paddings.length === shape.length && paddings.flat().every((of) => of >= 0)
    if (isConstant(input) || !fits) return undefined
    if (paddings.flat().every((of) => of === 0) && !this.isLiteral) return input
    const batch = batchAxes(shape)
    if (
      paddings
        .slice(0, batch)
        .flat()
        .some((of) => of > 0)
    )
      return undefined
    const padded = shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1])
    const operator = { type: 'pad', paddings: paddings.slice(batch) } as const
    return this.assembly.add(this.name, operator, [input], padded, input.isPositive)
  }

  reduced(type: ReductionType, input: Value, axes: readonly number[], keepDims: boolean): Result {
    const found = axesOf(axes, input.shape.length)
    const counted = found && axesWithoutBatch(found, input.shape)
    if (isConstant(input) || !counted) return undefined
    const shape = reducedShape(input.shape, found, keepDims)
    // The order of the axes does not matter.
    const inner = [...new Set(counted)].filter((axis) => axis >= 0).sort((a, b) => a - b)
    if (inner.length === 0) return this.reshape(input, shape)
    const isOfImage = withoutBatch(input.shape).length === 3 && inner.join() === '0,1'
    const operator =
      type === 'mean' && isOfImage && !keepDims
        ? ({ type: 'global_avg_pool' } as const)
        : { type, axes: inner, keepDims }
    return this.assembly.add(this.name, operator, [input], shape, input.isPositive)
  }

  softmax(input: Value, axis: number): Result {
    const isLast = axisOf(axis, input.shape.length) === input.shape.length - 1
    if (isConstant(input) || !isLast || withoutBatch(input.shape).length === 0) return undefined
    return this.assembly.add(this.name, { type: 'softmax' }, [input], input.shape, true)
  }

  prelu(input: Value, slope: Value): Result {
    if (isConstant(input) || !sameShape(broadcast([input.shape, slope.shape]) ?? [], input.shape)) {
      return undefined
    }
    return this.assembly.add(this.name, { type: 'prelu' }, [input, slope], input.shape)
  }

  leakyRelu(input: Value, alpha: number): Result {
    if (isConstant(input) || !Number.isFinite(alpha)) return undefined
    return this.assembly.add(this.name, { type: 'leaky_relu', alpha }, [input], input.shape)
  }

  /** A dense layer on the last axis: `filter` is `[in, units]`. */
  dense(input: Value, filter: Constant, bias?: Constant): Result {
    const [channels, units] = filter.shape
    const { shape } = input
    if (isConstant(input) || filter.shape.length !== 2 || !filter.isFloat) return undefined
    if (shape.length < 2 || shape[shape.length - 1] !== channels || !(units > 0)) return undefined
    return this.assembly.product(
      {
        name: this.name,
        operator: { type: 'dense', units, bias: bias !== undefined },
        shape: shape.with(-1, units),
        channels: units,
        filter: { shape: filter.shape, read: () => floatsOf(filter), source: filter },
        ...(bias && { bias: () => floatsOf(bias), biasSource: bias }),
      },
      input,
    )
  }

  private foldedIn(type: keyof typeof ARITHMETIC, a: Value, b: Value): ComputedTensor | undefined {
    const [product, constant] = isConstant(a) && type !== 'sub' ? [b, a] : [a, b]
    if (!(product instanceof Product) || !isConstant(constant)) return undefined
    if (!this.isSole(product) || (isConstant(a) && type === 'div')) return undefined
    if (type === 'maximum' || type === 'minimum') return undefined
    if (type === 'add') return product.plus(constant)
    if (type === 'sub') return product.plus(constant, -1)
    if (type === 'mul') return product.times(constant)
    const inverse = this.folding.mapped(constant, (value) => 1 / value)
    return inverse && product.times(inverse)
  }
}

const ARITHMETIC = {
  add: (a: number, b: number): number => a + b,
  sub: (a: number, b: number): number => a - b,
  mul: (a: number, b: number): number => a * b,
  div: (a: number, b: number): number => a / b,
  maximum: Math.max,
  minimum: Math.min,
} as const

function isPositiveValue(value: Value): boolean {
  return !isConstant(value) && value.isPositive
}
