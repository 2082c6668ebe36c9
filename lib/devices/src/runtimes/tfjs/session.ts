import * as tf from '@tensorflow/tfjs'
import type { KernelTime } from '@leti/records'
import { now } from '../run-clock.js'
import { seededInput, type Loaded, type Profile, type Session } from '../session.js'

/** TensorFlow.js on the device's side. */
export class TfjsSession implements Session {
  private model: tf.GraphModel | undefined
  private inputs: readonly tf.Tensor[] = []
  private output: readonly number[] = []

  /** @param openModel makes tfjs load a model from the path or URL that the host gives */
  constructor(private readonly openModel: (source: string) => tf.io.IOHandler) {}

  async load(source: string): Promise<Loaded> {
    this.unload()
    const start = performance.now()
    this.model = await tf.loadGraphModel(this.openModel(source))
    const loadMs = performance.now() - start
    this.inputs = this.model.inputs.map(({ shape = [] }) =>
      tf.tensor(seededInput(tf.util.sizeFromShape(shape)), shape),
    )
    await this.uploadInputs()
    return { loadMs }
  }

  async infer(count: number): Promise<number[]> {
    const latencies: number[] = []
    for (let run = 0; run < count; run++) {
      const start = now()
      const results = this.execute()
      const values = await Promise.all(results.map((result) => result.data()))
      latencies.push(now() - start)
      tf.dispose(results)
      if (run === count - 1) this.output = values.flatMap((elements) => Array.from(elements))
    }
    return latencies
  }

  lastOutput(): readonly number[] {
    return this.output
  }

  async profile(): Promise<Profile> {
    const profile = await tf.profile(() => this.execute())
    const kernels: KernelTime[] = []
    for (const kernel of profile.kernels) {
      // The wasm and cpu backends list a fused kernel twice: `FusedConv2D` and `fusedConv2d__op`.
      if (kernel.name.endsWith('__op')) continue
      // tfjs declares a number or an error, but returns a promise of either.
      const ms: unknown = await kernel.kernelTimeMs
      const shape = kernel.outputShapes[0]
      if (typeof ms === 'number' && Number.isFinite(ms)) {
        kernels.push({ name: kernel.name, output_shape: shape, ms })
      }
    }
    return { kernels, peakMemoryBytes: profile.peakBytes }
  }

  /** tfjs uploads inputs to a GPU when they are first read; reading them here keeps that untimed. */
  private async uploadInputs(): Promise<void> {
    for (const input of this.inputs) {
      const read = tf.abs(input)
      await read.data()
      read.dispose()
    }
  }

  private unload(): void {
    this.model?.dispose()
    tf.dispose([...this.inputs])
    this.model = undefined
    this.inputs = []
  }

  private execute(): tf.Tensor[] {
    if (!this.model) throw new Error('no model is loaded')
    const result = this.model.execute([...this.inputs])
    return Array.isArray(result) ? result : [result]
  }
}
