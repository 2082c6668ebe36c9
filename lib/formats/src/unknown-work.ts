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
  return sizes.matrices.length > 0 ? weighted(sizes) : product(sizes)
}

interface Sizes {
  readonly computed: readonly Shape[]
  /** Stored matrices and filters. */
  readonly matrices: readonly Shape[]
  readonly output: Shape
}

const FOURIER = /[fd]ft/
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

/** A convolution or dense layer uses each of its weights once at each position of the output. */
function weighted({ matrices, output }: Sizes): number {
  return matrices.reduce((sum, matrix) => {
    // An axis that both have is that of the channels.
    const channels = output.filter((size) => matrix.includes(size))
    return sum + (elements(matrix) * elements(output)) / Math.max(...channels, 1)
  }, 0)
}

/** A product of two computed tensors may sum over an axis that both have; the longest is assumed. */
function product({ computed: [a, b], output }: Sizes): number {
  if (!a || !b || a.length < 2 || b.length < 2) return 0
  const inner = a.slice(-2).filter((size) => b.slice(-2).includes(size))
  return inner.length > 0 ? elements(output) * Math.max(...inner) : 0
}
