import { cpus, release, type } from 'node:os'
import type { Environment } from '@leti/records'

/** Name of the machine that LETI itself runs on: see `Target.machine`. */
export const HOST = 'host'

/** Describes this computer. It is part of the environment of every measurement made on it. */
export function hostEnvironment(): Environment {
  const processors = cpus()
  return {
    os: `${type()} ${release()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpu_count: processors.length,
  }
}
