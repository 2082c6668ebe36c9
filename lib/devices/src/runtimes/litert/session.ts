import { loadAndCompile, Tensor, type Accelerator, type CompiledModel } from '@litertjs/core'
import type { Delegation } from '@leti/records'
import { now } from '../run-clock.js'
import { seededInput, type Loaded, type Session } from '../session.js'

/** LiteRT.js on the device's side. It cannot time its kernels. */
export class LitertSession implements Session {
  private model: CompiledModel | undefined
  private inputs: readonly Tensor[] = []
  private output: readonly number[] = []

  /** @param readModel reads a model's bytes from the path or URL that the host gives */
  constructor(
    private readonly readModel: (source: string) => Promise<Uint8Array>,
    private readonly backend: Accelerator,
    private readonly threads: number,
  ) {}

  async load(source: string): Promise<Loaded> {
    this.unload()
    const start = performance.now()
    const bytes = await this.readModel(source)
    this.model = await loadAndCompile(bytes, {
      accelerator: this.backend,
      cpuOptions: { numThreads: this.threads },
      gpuOptions: { precision: 'fp32' },
    })
    const loadMs = performance.now() - start
    this.inputs = await seededInputs(this.model)
    return { loadMs, ...(this.backend !== 'wasm' && { delegation: delegationOf(this.model) }) }
  }

  async infer(count: number): Promise<number[]> {
    const { model } = this
    if (!model) throw new Error('no model is loaded')
    const latencies: number[] = []
    for (let run = 0; run < count; run++) {
      const start = now()
      const results = await model.run([...this.inputs])
      const values = await Promise.all(results.map((result) => result.data()))
      latencies.push(now() - start)
      if (run === count - 1) this.output = values.flatMap((elements) => Array.from(elements))
      for (const result of results) result.delete()
    }
    return latencies
  }

  lastOutput(): readonly number[] {
    return this.output
  }

  private unload(): void {
    this.model?.delete()
    for (const input of this.inputs) input.delete()
    this.model = undefined
    this.inputs = []
  }
}

/** Puts the inputs where the model reads them: on a GPU they are uploaded before a run is timed. */
async function seededInputs(model: CompiledModel): Promise<Tensor[]> {
  const inputs: Tensor[] = []
  for (const { name, shape, dtype } of model.getInputDetails()) {
    if (dtype !== 'float32')
      throw new Error(`input "${name}" is ${dtype}; only float32 inputs are supported`)
    const size = shape.reduce((product, length) => product * length, 1)
    const tensor = new Tensor(seededInput(size), shape)
    inputs.push(await tensor.moveTo(model.options.accelerator as Accelerator))
  }
  return inputs
}

/**
 * LiteRT.js reports whether the GPU runs the whole model, but not how many operators it runs. In a
 * browser without JavaScript promise integration, a model that only partly fits the GPU is compiled for
 * wasm.
 */
function delegationOf(model: CompiledModel): Delegation {
  if (model.options.accelerator === 'wasm') return { full: false, delegated_nodes: 0 }
  return { full: model.isFullyAccelerated }
}
