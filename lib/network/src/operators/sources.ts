import { free, type Entries } from './entry.js'
import { isFlag, isNumber, isShape, optional } from './members.js'
import { elements, type Shape } from './shapes.js'

export interface Input {
  readonly type: 'input'
  readonly shape: Shape
}

/** A tensor that the model file stores, read by operators as the output of another operator is. */
export interface Constant {
  readonly type: 'constant'
  readonly shape: Shape
  /** The value of all elements if the architecture fixes it; absent if the elements are trained. */
  readonly value?: number
  /** Whether the architecture fixes the elements, whatever they are. */
  readonly isFixed?: boolean
}

export type Source = Input | Constant

/** Operators without inputs: nothing runs. */
export const SOURCES: Entries<Source> = {
  input: {
    family: 'source',
    arity: 0,
    members: { shape: isShape },
    shape: ({ shape }) => shape,
    cost: free,
    resized: (input, replaced) => ({ ...input, shape: input.shape.map(replaced) }),
  },
  constant: {
    family: 'source',
    arity: 0,
    members: { shape: isShape, value: optional(isNumber), isFixed: optional(isFlag) },
    shape: ({ shape }) => shape,
    cost: ({ shape, value, isFixed }) => {
      const size = elements(shape)
      return value === undefined && !isFixed
        ? { macs: 0, parameters: size }
        : { macs: 0, parameters: 0, untrained: size }
    },
    resized: (constant, replaced) => ({ ...constant, shape: constant.shape.map(replaced) }),
  },
}
