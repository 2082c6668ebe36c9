import { elements, type Shape } from '@leti/network'
import { zeros, type Constant, type Numbers } from '../constant.js'
import type { Operation } from '../operation.js'
import { isConstant, type Value } from '../value.js'
import type { Step } from './steps.js'
import { sure, Terms, type Layer } from './terms.js'

/** One direction of a recurrent layer. */
export interface Cell {
  readonly units: number
  /** The weights of the inputs, for the gates side by side. */
  readonly input: Layer
  readonly step: Step
}

export interface Sequence {
  /** `[steps, batch, features]` */
  readonly input: Value
  /** The states before the first step, `[1, batch, units]`; undefined for zeros. */
  readonly initial: readonly (Value | undefined)[]
  readonly isReversed: boolean
}

export interface Unrolled {
  /** The outputs of all steps in the order of the inputs, `[1, steps * batch, units]`. */
  readonly outputs: Value
  /** The states after the last step. */
  readonly states: readonly Value[]
}

/** Limit on the steps of a layer: each is about a dozen operators. */
const MAX_STEPS = 1024

/**
 * A recurrent layer as the operators of each of its steps, which share their weights: TensorFlow.js has no
 * recurrent operator.
 *
 * @returns undefined if it has too many steps
 * @throws {LetiError} `bad-arch` if LETI has no equivalent
 */
export function unrolled(op: Operation, cell: Cell, sequence: Sequence): Unrolled | undefined {
  const { input, initial, isReversed } = sequence
  const [steps, batch, features] = input.shape
  if (isConstant(input) || input.shape.length !== 3 || steps > MAX_STEPS) return undefined
  const of = new Terms(op)
  const rows = sure(op.named('rows').reshape(input, [1, steps * batch, features]))
  const fed = of.dense('input', rows, cell.input)
  const outputs = new Array<Value>(steps)
  let states: readonly Value[] = initial.map((state) =>
    op.assembly.asComputed(state ?? zeroState([1, batch, cell.units])),
  )
  for (let index = 0; index < steps; index++) {
    const step = isReversed ? steps - 1 - index : index
    const own = of.rows(`step${step}/input`, fed, step * batch, batch)
    states = cell.step(new Terms(op.named(`step${step}`)), own, states)
    outputs[step] = states[0]
  }
  return { outputs: sure(op.named('outputs').concat(outputs, 1)), states }
}

/** No parameter of the network. */
function zeroState(shape: Shape): Constant {
  const read = (): Numbers => zeros(elements(shape), true)
  return { shape, isFloat: true, isFixed: true, read }
}
