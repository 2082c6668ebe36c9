/**
 * What a runtime is: the library or program that runs a model file. Each runtime describes itself once,
 * in `<name>/runtime.ts`; the targets, the worker, the page, its server, the CPU reference and `--help`
 * are derived from that description.
 */
import type { Format } from '@leti/formats'
import type { Started } from './session.js'

export interface Runtime {
  /** Format of the model files that it loads. */
  readonly format: Format
  /** Whether it can time kernels one by one (`--profile`). */
  readonly profiles: boolean
  /**
   * The implementations that its outputs are checked against, the best first: other runtimes or backends that
   * `node` offers. Another is used if one cannot run the model.
   */
  references(backend: string): readonly Implementation[]
  /** How it runs in a Node process; absent if it cannot. */
  readonly node?: NodeSide
  /** How it runs in a page of a browser; absent if it cannot. */
  readonly page?: PageSide
}

/** A runtime with one of its backends, both by name. */
export interface Implementation {
  readonly runtime: string
  readonly backend: string
}

interface NodeSide {
  /** The default first. */
  readonly backends: readonly string[]
  /** Loads the module that starts it. */
  load(): Promise<{ start(backend: string): Promise<Started> }>
}

interface PageSide {
  /** The default first. */
  readonly backends: readonly string[]
  /** A module of the runtime's package. The page fetches the wasm files that lie in its folder. */
  readonly wasmModule: string
  /** Loads the module that starts it. */
  load(): Promise<{ start(options: PageOptions): Promise<Started> }>
}

export interface PageOptions {
  readonly backend: string
  /** Threads of the wasm backend; the others use one. */
  readonly threads: number
  /** Where the page finds the runtime's wasm files: a relative URL that ends in a slash. */
  readonly wasmUrl: string
}
