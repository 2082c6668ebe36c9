import { elements, type Node, type Shape } from '@leti/network'

// Estimates of the multiply-accumulates of operators that LETI knows by name only, from their names and
// shapes. Operators that multiply nothing are not unknown: see `importer/traffic.ts`.

/** Estimates the work of an unknown operator from the shapes of its inputs and of its first output. */
export function likelyMacs({ operator, inputs, shape }: Node, nodes: readonly Node[]): number {
  const name = 'name' in operator ? operator.name.toLowerCase() : ''
  const read = inputs.map((input) => nodes[input])
  const stored = read.filter(({ operator: { type } }) => type === 'constant')
  const sizes = {
    computed: read.filter(({ operator: { type } }) => type !== 'constant').map((of) => of.shape),
    // Vectors scale or shift and count as none.
    matrices: stored.map((of) => of.shape).filter((of) => of.filter((size) => size > 1).length > 1),
    output: shape,
  }
  if (FOURIER.test(name)) return fourier(sizes)
  if (RECURRENT.test(name)) return recurrent(sizes)
  if (sizes.matrices.length === 0) return product(sizes)
  // A transposed convolution spreads each position of its input.
  return weighted(sizes, TRANSPOSED.test(name) ? (sizes.computed[0] ?? shape) : shape)
}

interface Sizes {
  readonly computed: readonly Shape[]
  /** Stored matrices and filters. */
  readonly matrices: readonly Shape[]
  readonly output: Shape
}

const FOURIER = /[fd]ft/
const TRANSPOSED = /transpos|deconv|backprop/
const RECURRENT = /lstm|gru|rnn|svdf|recurrent/

/** A fast Fourier transform: for each element of the input one step for each halving of its length. */
function fourier({ computed: [input] }: Sizes): number {
  return input ? elements(input) * Math.log2(Math.max(...input, 2)) : 0
}

/** A recurrent layer multiplies by each of its matrices in each step. */
function recurrent({ computed: [input], matrices }: Sizes): number {
  const steps = input ? elements(input) / Math.max(input.at(-1) ?? 1, 1) : 1
  return matrices.reduce((sum, matrix) => sum + elements(matrix) * steps, 0)
}

/** A convolution or dense layer uses each of its weights once at each position of its output. */
function weighted({ matrices }: Sizes, image: Shape): number {
  return matrices.reduce((sum, matrix) => {
    // An axis that both have is that of the channels.
    const channels = image.filter((size) => matrix.includes(size))
    return sum + (elements(matrix) * elements(image)) / Math.max(...channels, 1)
  }, 0)
}

/**
 * A product of matrices of m x k and k x n numbers has m x n numbers and m x k x n terms: the root of the
 * product of all three counts. Axes before the last two are those of a batch of matrices; a single row has lost
 * its axis as if it were the batch.
 */
function product({ computed: [a, b], output }: Sizes): number {
  if (!a || !b || Math.max(a.length, b.length) < 2) return 0
  const batch = Math.max(elements(output.slice(0, -2)), 1)
  return Math.sqrt((elements(a) / batch) * elements(b) * elements(output))
}
