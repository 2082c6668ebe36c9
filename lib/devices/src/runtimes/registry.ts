import { benchmarkModel } from './benchmark-model/runtime.js'
import { litert } from './litert/runtime.js'
import type { Runtime } from './runtime.js'
import { tfjs } from './tfjs/runtime.js'

/** Every runtime by its name in records and in devices.yaml. To add one, add its folder and a line. */
export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  tfjs,
  litert,
  benchmark_model: benchmarkModel,
}
