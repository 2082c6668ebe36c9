import * as tf from '@tensorflow/tfjs'

/** Decay rates of the first and second moments, as published. */
const MEMORY = 0.9
const SQUARES_MEMORY = 0.999
const EPSILON = 1e-8

interface State {
  readonly variable: tf.Variable
  readonly values: Float32Array
  readonly mean: Float32Array
  readonly squares: Float32Array
}

/**
 * The Adam optimizer (Kingma and Ba, ICLR 2015). TensorFlow.js has one too, but it passes over the weights
 * ten times per step; this one does once.
 */
export class Adam {
  private readonly states: readonly State[]
  private steps = 0

  constructor(variables: readonly tf.Variable[]) {
    this.states = variables.map((variable) => ({
      variable,
      values: Float32Array.from(variable.dataSync<'float32'>()),
      mean: new Float32Array(variable.size),
      squares: new Float32Array(variable.size),
    }))
  }

  /** One step along the gradient of the loss. */
  minimize(loss: () => tf.Scalar, rate: number): void {
    this.steps++
    const { value, grads } = tf.variableGrads(
      loss,
      this.states.map(({ variable }) => variable),
    )
    for (const state of this.states) {
      this.update(state, grads[state.variable.name].dataSync<'float32'>(), rate)
    }
    tf.dispose([value, grads])
  }

  private update({ variable, values, mean, squares }: State, slope: Float32Array, rate: number) {
    const meanShare = 1 - MEMORY ** this.steps
    const squaresShare = 1 - SQUARES_MEMORY ** this.steps
    for (let i = 0; i < values.length; i++) {
      mean[i] += (1 - MEMORY) * (slope[i] - mean[i])
      squares[i] += (1 - SQUARES_MEMORY) * (slope[i] * slope[i] - squares[i])
      const deviation = Math.sqrt(squares[i] / squaresShare) + EPSILON
      values[i] -= (rate * (mean[i] / meanShare)) / deviation
    }
    tf.tidy(() => {
      // A copy: the tensor keeps a reference to its values, which change in the next step.
      variable.assign(tf.tensor(values.slice(), variable.shape))
    })
  }
}
