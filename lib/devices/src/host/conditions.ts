import { readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import type { Environment } from '@leti/records'
import { ownTicks, parseCpu, type CpuTicks } from './proc.js'

const GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'

/** The state of this computer at one moment. */
export interface HostReading {
  readonly cpu: CpuTicks
  /** CPU time of LETI and all programs that it has started. */
  readonly own: number
  /** Mean number of programs that ran or waited to run in the last minute. */
  readonly load: number
  /** How the clock of the CPU is chosen; absent if it is not for this system to choose. */
  readonly governor?: string
}

/** @returns `undefined` if the operating system does not say, as all but Linux */
export function readHost(): HostReading | undefined {
  if (process.platform !== 'linux') return undefined
  const cpu = parseCpu(textOf('/proc/stat') ?? '')
  const known = textOf(GOVERNOR)?.trim()
  return (
    cpu && {
      cpu,
      own: ownTicks(readProcesses(), process.pid),
      load: loadavg()[0],
      ...(known && { governor: known }),
    }
  )
}

/** The environment of one measurement: what this computer did between two moments. */
export function hostConditions(
  before: HostReading | undefined,
  after: HostReading | undefined,
): Environment {
  if (!before || !after) return {}
  const governor = after.governor ?? before.governor
  return {
    ...(governor !== undefined && { cpu_governor: governor }),
    load_before: before.load,
    load_after: after.load,
    ...usage(before, after),
  }
}

function usage(before: HostReading, after: HostReading): Environment {
  const passed = after.cpu.total - before.cpu.total
  if (!(passed > 0)) return {}
  const stolen = after.cpu.stolen - before.cpu.stolen
  const busy = after.cpu.busy - before.cpu.busy
  // Both clocks tick in hundredths of a second, so the difference may be a little below 0.
  const others = Math.max(0, busy - (after.own - before.own))
  return {
    cpu_others: rounded((others / passed) * after.cpu.count),
    cpu_stolen_percent: rounded((100 * stolen) / passed),
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}

/** The texts of `/proc/PID/stat` of all processes. */
function readProcesses(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => textOf(`/proc/${pid}/stat`) ?? [])
}

/**
 * Reads a file that is not on a disk: to hand it to another thread takes many times as long.
 *
 * @returns `undefined` if there is no such file: a process may end at any moment
 */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
