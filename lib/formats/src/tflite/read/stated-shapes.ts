import { sameShape, type Shape } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import type { ParsedOperator, ParsedTensor } from './parse.js'

/** An input as the file states it, and the shape at which it is read. */
interface ReadInput {
  readonly stated: ParsedTensor
  readonly shape: Shape
}

/**
 * The shapes that a file states for the tensors that it computes. They hold for the shapes of inputs that
 * its converter had in mind, and a size that was open then is written as 1: a runtime computes all shapes
 * anew. So a shape counts only while nothing contradicts it.
 */
export class StatedShapes {
  /** The batch of the inputs in the file if they are read at batch 1 instead; 1 otherwise. */
  readonly fileBatch: number
  private readonly hasOpenBatch: boolean
  /** Tensors whose shape is not the one that the file states. */
  private readonly drifted = new Set<number>()
  /** Constants that operators computed: another shape of an input may have changed them. */
  private readonly computed = new Set<number>()

  constructor(
    private readonly tensors: readonly ParsedTensor[],
    inputs: readonly ReadInput[],
  ) {
    this.hasOpenBatch = inputs.some(
      ({ stated, shape }) => stated.signature[0] === -1 && shape[0] === 1,
    )
    const rebatched = inputs.find(({ stated, shape }) => stated.shape[0] > 1 && shape[0] === 1)
    this.fileBatch = rebatched?.stated.shape[0] ?? 1
  }

  /** Compares a tensor that was read with what the file states about it. */
  compare(index: number, value: Value): void {
    const { shape, data } = this.tensors[index]
    if (!sameShape(value.shape, shape)) this.drifted.add(index)
    if (isConstant(value) && !data) this.computed.add(index)
  }

  /** The shapes of an operator's outputs, with the batch; undefined where the file's does not count. */
  outputsOf({ inputs, outputs }: ParsedOperator): (Shape | undefined)[] {
    const isDrifted =
      this.drifted.size > 0 &&
      inputs.some((index) => this.drifted.has(index) || this.computed.has(index))
    return outputs.map((index) => {
      const { shape, signature } = this.tensors[index]
      const isOpen = signature.some(
        (size, axis) => size === -1 && !(axis === 0 && this.hasOpenBatch),
      )
      return isDrifted || isOpen ? undefined : shape
    })
  }
}
