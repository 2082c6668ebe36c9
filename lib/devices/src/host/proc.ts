/** CPU time of all CPUs together since the system started, in ticks. */
export interface CpuTicks {
  readonly total: number
  /** Of programs and the system itself. */
  readonly busy: number
  /** Taken by the hypervisor for other machines. */
  readonly stolen: number
  readonly count: number
}

/**
 * Parses `/proc/stat` (proc_stat(5)): `cpu user nice system idle iowait irq softirq steal guest guest_nice`. The time of
 * guests is part of that of users.
 */
export function parseCpu(text: string): CpuTicks | undefined {
  const numbers = /^cpu +(.+)$/m.exec(text)?.[1].split(' ').map(Number)
  if (!numbers || numbers.length < 4 || !numbers.every(Number.isFinite)) return undefined
  const [user, nice, system, idle, iowait = 0, irq = 0, softirq = 0, stolen = 0] = numbers
  const busy = user + nice + system + irq + softirq
  const count = text.match(/^cpu\d+ /gm)?.length ?? 1
  return { total: busy + idle + iowait + stolen, busy, stolen, count }
}

/**
 * CPU time of a process and all that descend from it, in ticks, from the texts of `/proc/PID/stat` (proc_pid_stat(5)).
 * It includes the children that have ended.
 */
export function ownTicks(processes: readonly string[], root: number): number {
  const children = new Map<number, number[]>()
  const ticks = new Map<number, number>()
  for (const text of processes) {
    const end = text.lastIndexOf(')')
    const pid = parseInt(text, 10)
    // The name may hold spaces and brackets. After it: the state, the parent, and 9 fields before the times.
    const fields = text.slice(end + 2).split(' ')
    const parent = Number(fields[1])
    const siblings = children.get(parent)
    if (siblings) siblings.push(pid)
    else children.set(parent, [pid])
    const sum = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0)
    ticks.set(pid, sum)
  }
  let total = 0
  const left = [root]
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    total += ticks.get(pid) ?? 0
    left.push(...(children.get(pid) ?? []))
  }
  return total
}
