import type { Entries } from './entry.js'
import { isCount, isFlag } from './members.js'
import { channelsOf, elements, sameShape, type Shape } from './shapes.js'
import { weighted } from './weighted.js'

/** A fully connected layer on the last axis. */
export interface Dense {
  readonly type: 'dense'
  readonly units: number
  readonly bias: boolean
}

/** Product of the matrices in the last two axes of two inputs; all other axes are equal. */
export interface Matmul {
  readonly type: 'matmul'
  /** Whether the second input's matrices are transposed first. */
  readonly transposeB: boolean
}

export type MatrixProduct = Dense | Matmul

export const MATRIX_PRODUCTS: Entries<MatrixProduct> = {
  dense: {
    family: 'product',
    arity: 1,
    members: { units: isCount, bias: isFlag },
    shape: ({ units }, [input]) => (input.length > 0 ? [...input.slice(0, -1), units] : undefined),
    filter: { shape: ({ units }, input) => [channelsOf(input), units], outputAxes: [1] },
    cost: (dense, { output, filter }) =>
      weighted(dense, output, filter, elements(output) / dense.units),
    resized: (dense, replaced) => ({ ...dense, units: replaced(dense.units) }),
  },
  matmul: {
    family: 'product',
    arity: 2,
    members: { transposeB: isFlag },
    shape: ({ transposeB }, [a, b]) => multiplied(a, b, transposeB),
    cost: (_matmul, { inputs: [a], output }) => ({
      macs: elements(output) * channelsOf(a),
      parameters: 0,
    }),
  },
}

function multiplied(a: Shape, b: Shape, transposeB: boolean): Shape | undefined {
  if (a.length < 2 || !sameShape(a.slice(0, -2), b.slice(0, -2))) return undefined
  const [inner, columns] = transposeB ? b.slice(-2).reverse() : b.slice(-2)
  return channelsOf(a) === inner ? [...a.slice(0, -1), columns] : undefined
}
