import type { Environment } from '@leti/records'

/** What may disturb a measurement, as `quality.flags` names it. */
export type Flag = 'governor' | 'load' | 'stolen' | 'thermal'

/** Other programs may keep this part of all CPUs busy, and at least this many. */
const OTHERS_SHARE = 0.1
const OTHERS_LEAST = 0.25

/** The hypervisor may take this part of the time. */
const STOLEN_PERCENT = 1

/** What in a measurement's environment is out of line; nothing is dropped for it. */
export function flagsOf(environment: Environment): Flag[] {
  const { cpu_governor: governor, cpu_count: count, cpu_others: others } = environment
  const { cpu_stolen_percent: stolen, thermal_status_before, thermal_status_after } = environment
  const allowed = Math.max(OTHERS_LEAST, OTHERS_SHARE * Number(count ?? 1))
  const statuses = [thermal_status_before, thermal_status_after]
  const signs: Readonly<Record<Flag, boolean>> = {
    governor: governor !== undefined && governor !== 'performance',
    load: Number(others ?? 0) > allowed,
    stolen: Number(stolen ?? 0) > STOLEN_PERCENT,
    thermal: statuses.some((status) => status !== undefined && status !== 'none'),
  }
  return (Object.keys(signs) as Flag[]).filter((flag) => signs[flag])
}
