import { expect, test } from 'vitest'
import { flagsOf } from '../conditions.js'
import { hostConditions, readHost, type HostReading } from './conditions.js'
import { ownTicks, parseCpu } from './proc.js'

// The first lines are those of the example in proc_stat(5), with a guest, whose time is in that of users.
const STAT = `cpu  10132153 290696 3084719 46828483 16683 0 25195 100 175628 0
cpu0 1393280 32966 572056 13343292 6130 0 17875 0 23933 0
cpu1 1335465 37466 525410 13347260 5730 0 3910 0 24933 0
intr 8688370 78 0 0
ctxt 22848221062`

test('the ticks of all CPUs', () => {
  const busy = 10132153 + 290696 + 3084719 + 25195
  const total = busy + 46828483 + 16683 + 100
  expect(parseCpu(STAT)).toEqual({ total, busy, stolen: 100, count: 2 })
  expect(parseCpu('')).toBeUndefined()
  expect(parseCpu('cpu  a b c d')).toBeUndefined()
})

test('the ticks of a process, of those that it started and of their children', () => {
  const stat = (pid: number, parent: number, name: string, ...times: number[]) =>
    `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 1 1 1 1 ${times.join(' ')} 20 0 1`
  const processes = [
    stat(10, 1, 'node', 100, 20, 3, 4),
    stat(11, 10, 'a ) S 7', 1000, 0, 0, 0),
    stat(12, 11, 'c', 5000, 0, 0, 0),
    stat(13, 1, 'other', 90_000, 0, 0, 0),
  ]
  expect(ownTicks(processes, 10)).toBe(6127)
})

const reading = (busy: number, own: number, more: Partial<HostReading['cpu']> = {}) => ({
  cpu: { total: 200, busy, stolen: 0, count: 2, ...more },
  own,
  load: 1,
})

test('what others used and what the hypervisor took is out of line', () => {
  // In a second of two CPUs, this run used one CPU, and others half of the other.
  const before = { ...reading(0, 0), cpu: { total: 0, busy: 0, stolen: 0, count: 2 } }
  const quiet = hostConditions(before, reading(105, 100))
  expect(quiet).toEqual({ load_before: 1, load_after: 1, cpu_others: 0.05, cpu_stolen_percent: 0 })
  expect(flagsOf(quiet)).toEqual([])
  expect(flagsOf(hostConditions(before, reading(150, 100)))).toEqual(['load'])
  expect(flagsOf(hostConditions(before, reading(99, 100, { stolen: 9 })))).toEqual(['stolen'])
  const governed = { ...reading(100, 100), governor: 'powersave' }
  expect(flagsOf(hostConditions(before, governed))).toEqual(['governor'])
  expect(hostConditions(undefined, governed)).toEqual({})
})

test('a phone that was throttled before or after is out of line', () => {
  const status = (before: string, after: string) =>
    flagsOf({ thermal_status_before: before, thermal_status_after: after })
  expect(status('none', 'none')).toEqual([])
  expect(status('none', 'light')).toEqual(['thermal'])
  expect(flagsOf({})).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'reads this computer: own work is not that of others',
  () => {
    const before = readHost()
    const begun = process.cpuUsage()
    while (process.cpuUsage(begun).user < 60_000);
    const after = readHost()
    expect((after?.own ?? 0) - (before?.own ?? 0)).toBeGreaterThanOrEqual(2)
    expect(Object.keys(hostConditions(before, after))).toContain('cpu_others')
  },
)
