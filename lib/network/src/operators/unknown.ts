import { free, type Entries } from './entry.js'
import { isCount, isShape } from './members.js'
import type { Shape } from './shapes.js'

/** An operator of a model file that LETI does not know. */
export interface Unknown {
  readonly type: 'unknown'
  /** Its name in the file. */
  readonly name: string
  /** Shape of its first output. */
  readonly shape: Shape
}

/**
 * An operator of a model file that multiplies no matrices and that LETI knows by name and shape only: it
 * counts as the memory that it reads and writes. No format can write it.
 */
export interface Traffic {
  readonly type: 'traffic'
  /** Its name in the file. */
  readonly name: string
  /** Shape of its first output. */
  readonly shape: Shape
}

/** A further output of the operator that is its input, which is unknown or traffic. */
export interface UnknownOutput {
  readonly type: 'unknown_output'
  readonly index: number
  readonly shape: Shape
}

export const UNKNOWN: Entries<Traffic | Unknown | UnknownOutput> = {
  unknown: {
    family: 'unknown',
    arity: { atLeast: 0 },
    members: { name: (value) => typeof value === 'string', shape: isShape },
    unmeasurable: true,
    shape: ({ shape }) => shape,
    cost: free,
  },
  traffic: {
    family: 'movement',
    arity: { atLeast: 0 },
    members: { name: (value) => typeof value === 'string', shape: isShape },
    unmeasurable: true,
    shape: ({ shape }) => shape,
    cost: free,
  },
  unknown_output: {
    family: 'unknown',
    arity: 1,
    members: { index: isCount, shape: isShape },
    unmeasurable: true,
    shape: ({ shape }) => shape,
    cost: free,
  },
}
