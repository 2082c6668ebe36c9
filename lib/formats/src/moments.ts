import type { Kernel } from '@leti/network'

/** Mean and variance of an activation's elements. */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

export function secondMoment({ mean, variance }: Moments): number {
  return mean * mean + variance
}

/** What `devices` feeds: uniform in [-1, 1). */
const IMAGE: Moments = { mean: 0, variance: 1 / 3 }

/** A unit normal, as batch norm leaves it, and what a ReLU makes of it. */
const NORMALISED: Moments = { mean: 0, variance: 1 }
const RECTIFIED: Moments = { mean: 1 / Math.sqrt(2 * Math.PI), variance: 0.5 - 1 / (2 * Math.PI) }

/**
 * Approximate moments of every kernel's output: what the moving statistics of its batch norms would
 * record. Only the order of magnitude matters: they keep activations near one.
 */
export function activationMoments(kernels: readonly Kernel[]): Moments[] {
  const moments: Moments[] = []
  for (const kernel of kernels) {
    const inputs = kernel.inputs.map((input) => moments[input])
    moments.push(
      outputMoments(
        kernel,
        inputs,
        kernel.inputs.map((input) => kernels[input]),
      ),
    )
  }
  return moments
}

function outputMoments(kernel: Kernel, inputs: Moments[], sources: Kernel[]): Moments {
  switch (kernel.operator.type) {
    case 'input':
      return IMAGE
    case 'conv2d':
    case 'depthwise_conv2d':
    case 'dense':
      return kernel.activation === 'relu' ? RECTIFIED : NORMALISED
    case 'max_pool': {
      // The largest of a few neighbours lies about one deviation above their mean.
      const [{ mean, variance }] = inputs
      return { mean: mean + Math.sqrt(variance), variance }
    }
    case 'add':
      return {
        mean: inputs.reduce((sum, { mean }) => sum + mean, 0),
        variance: inputs.reduce((sum, { variance }) => sum + variance, 0),
      }
    case 'concat':
      return mixture(inputs, sources)
    default:
      return inputs[0]
  }
}

/** Moments of the elements of all inputs together. */
function mixture(inputs: Moments[], sources: Kernel[]): Moments {
  const bytes = sources.reduce((sum, source) => sum + source.output_bytes, 0)
  let mean = 0
  let second = 0
  inputs.forEach((input, index) => {
    const share = sources[index].output_bytes / bytes
    mean += share * input.mean
    second += share * secondMoment(input)
  })
  return { mean, variance: second - mean * mean }
}
