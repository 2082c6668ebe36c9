import { free, type Entries, type OperatorEntry } from './entry.js'
import { broadcast, sameShape, type Shape } from './shapes.js'

/** Sum of two inputs, broadcast to one shape, or of more inputs of one shape. */
export interface Add {
  readonly type: 'add'
}

/** Arithmetic on corresponding elements of two inputs, broadcast to one shape. */
export interface Binary {
  readonly type: 'sub' | 'mul' | 'div' | 'maximum' | 'minimum'
}

/** Multiplies elements below zero by the second input, which is broadcast. */
export interface Prelu {
  readonly type: 'prelu'
}

const BINARY = {
  family: 'elementwise',
  arity: 2,
  members: {},
  shape: (_operator: unknown, inputs: readonly Shape[]) => broadcast(inputs),
  cost: free,
} as const satisfies OperatorEntry<Binary>

/** Operators on corresponding elements of several inputs. */
export const BINARIES: Entries<Add | Binary | Prelu> = {
  add: {
    ...BINARY,
    arity: { atLeast: 2 },
    shape: (_add, inputs) => {
      if (inputs.length === 2) return broadcast(inputs)
      return inputs.every((shape) => sameShape(shape, inputs[0])) ? inputs[0] : undefined
    },
  },
  sub: BINARY,
  mul: BINARY,
  div: BINARY,
  maximum: BINARY,
  minimum: BINARY,
  prelu: {
    ...BINARY,
    shape: (_prelu, inputs) => (sameShape(broadcast(inputs), inputs[0]) ? inputs[0] : undefined),
  },
}

export const BINARY_TYPES = Object.keys(BINARIES) as readonly (keyof typeof BINARIES)[]
