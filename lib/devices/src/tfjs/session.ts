import * as tf from '@tensorflow/tfjs'
import type { KernelTime } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * TensorFlow.js on the device's side: what the worker of the `node` target and the page of the
 * browsers have in common. Calls come one at a time from `remote.ts`; arguments and results are plain
 * data.
 */
export class TfjsSession {
  private model: tf.GraphModel | undefined
  private input: tf.Tensor | undefined
  private output: readonly number[] = []

  /** @param openModel where this side loads a model from, given what the host calls it */
  constructor(private readonly openModel: (source: string) => string | tf.io.IOHandler) {}

  /** Loads a model and makes its input, always the same seeded one. Returns the time in ms. */
  async load(source: string): Promise<number> {
    this.unload()
    const start = performance.now()
    this.model = await tf.loadGraphModel(this.openModel(source))
    const elapsed = performance.now() - start
    const shape = this.model.inputs[0].shape ?? []
    this.input = tf.tensor(seededInput(tf.util.sizeFromShape(shape)), shape)
    // On a GPU this uploads the input, which is no part of the inference.
    const uploaded = tf.abs(this.input)
    await uploaded.data()
    uploaded.dispose()
    return elapsed
  }

  /**
   * Runs the model `count` times: from the input ready to the output on the host. Returns the
   * latencies in ms.
   */
  async infer(count: number): Promise<number[]> {
    const latencies: number[] = []
    for (let run = 0; run < count; run++) {
      const start = performance.now()
      const result = this.execute()
      const values = await result.data()
      latencies.push(performance.now() - start)
      result.dispose()
      if (run === count - 1) this.output = Array.from(values)
    }
    return latencies
  }

  /** All elements of the last run's output. */
  lastOutput(): readonly number[] {
    return this.output
  }

  /**
   * Times the kernels one by one, in the order of execution. A kernel that the backend cannot time is
   * left out.
   */
  async profile(): Promise<{ kernels: KernelTime[]; peakMemoryBytes: number }> {
    const profile = await tf.profile(() => this.execute())
    const kernels: KernelTime[] = []
    for (const kernel of profile.kernels) {
      // The wasm and cpu backends list a fused kernel twice: `FusedConv2D` and `fusedConv2d__op`.
      if (kernel.name.endsWith('__op')) continue
      // tfjs declares a number or an error, and gives a promise of either.
      const ms: unknown = await kernel.kernelTimeMs
      const shape = kernel.outputShapes[0]
      if (typeof ms === 'number' && Number.isFinite(ms)) {
        kernels.push({ name: kernel.name, output_shape: shape, ms })
      }
    }
    return { kernels, peakMemoryBytes: profile.peakBytes }
  }

  unload(): void {
    this.model?.dispose()
    this.input?.dispose()
    this.model = undefined
    this.input = undefined
  }

  private execute(): tf.Tensor {
    if (!this.model || !this.input) throw new Error('no model is loaded')
    return this.model.execute(this.input) as tf.Tensor
  }
}

/** Uniform in [-1, 1), the same on every device. */
function seededInput(size: number): Float32Array {
  const random = xoroshiro128plus(1)
  return Float32Array.from({ length: size }, () => random.next() / 2 ** 31)
}
