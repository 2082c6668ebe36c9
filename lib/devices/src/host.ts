import { cpus, release, type } from 'node:os'
import type { Environment } from '@leti/records'

/** The machine that LETI itself runs on. */
export const HOST = 'host'

/** What this computer is: part of the environment of every measurement made on it. */
export function hostEnvironment(): Environment {
  const processors = cpus()
  return {
    os: `${type()} ${release()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpu_count: processors.length,
  }
}
