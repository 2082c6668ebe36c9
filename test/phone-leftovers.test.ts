import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Adb } from '../lib/devices/src/adb/adb.js'
import { fixPerformance, releasePerformance } from '../lib/devices/src/adb/fixed-performance.js'
import { noteOf, removeLeftovers } from '../lib/devices/src/adb/leftovers.js'
import { PhoneFolder } from '../lib/devices/src/adb/phone-folder.js'
import { identityOf } from '../lib/records/src/files/index.js'
import { freePort } from '../lib/devices/src/targets/android-chrome/free-port.js'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'

// What runs leave on a phone when they are killed, and what a later run makes of it.

const plugged = pluggedIn()
const TEMPORARY = '/data/local/tmp'
const APP = 'org.tensorflow.lite.benchmark'

let adb: Adb
/** The name of a process of this computer that has ended. */
let ended: string

beforeAll(async () => {
  for (const [name, value] of Object.entries(plugged.server.env)) vi.stubEnv(name, value)
  const { serial } = plugged.phone
  adb = new Adb({ name: serial, options: ['-s', serial] })
  const child = spawn('sleep', ['600'])
  ended = identityOf(child.pid as number) as string
  child.kill()
  await once(child, 'close')
})

afterEach(async () => {
  await plugged.shell(`rm -rf ${TEMPORARY}/leti-*`)
})

/** The name of a run of a process, which lives in the folder with this name. */
const runOf = (identity: string): string => `leti-${identity}-0123abcd`
const live = (): string => runOf(identityOf(process.ppid) as string)
const foreign = runOf('fffff-1-1')

async function leave(run: string, ...notes: string[]): Promise<void> {
  await plugged.shell(
    `mkdir -p ${[run, ...notes.map((note) => `${run}/${note}`)]
      .map((path) => `${TEMPORARY}/${path}`)
      .join(' ')}`,
  )
}

/** Starts a program in a run's folder, as the benchmark runs there. It ignores that adb goes. */
async function startProgram(run: string): Promise<void> {
  const path = `${TEMPORARY}/${run}`
  await leave(run)
  const loop = `trap "" HUP TERM; while :; do sleep 1; done`
  void plugged.shell(`sh -c 'echo $$ > ${path}/pid; exec sh -c "$1" "$0"' ${path}/tool '${loop}'`)
  await expect.poll(() => programs(run)).toBe(1)
}

const programs = (run: string): number =>
  plugged.phone.processes().filter(({ command }) => command.includes(`${run}/tool`)).length

async function folders(): Promise<string[]> {
  const { stdout } = await plugged.shell(`ls ${TEMPORARY}`)
  return stdout.split('\n').filter(Boolean)
}

/** Opens a folder of this run, and removes what others left. */
async function open(): Promise<PhoneFolder> {
  const own = new PhoneFolder(adb)
  await own.create()
  await removeLeftovers(adb, own)
  return own
}

test('the folder and the program of an ended run are removed, not those of a live one', async () => {
  await startProgram(runOf(ended))
  await startProgram(live())
  const own = await open()
  expect(await folders()).toEqual([own.name, live()].sort())
  await expect.poll(() => programs(runOf(ended))).toBe(0)
  expect(programs(live())).toBe(1)
  await own.destroy()
  expect(await folders()).toEqual([live()])
  const [program] = plugged.phone.processes().filter(({ command }) => command.includes('/tool'))
  process.kill(program.pid, 'SIGKILL')
})

test('a removal that was interrupted is finished', async () => {
  await startProgram(runOf(ended))
  await plugged.shell(`mv ${TEMPORARY}/${runOf(ended)} ${TEMPORARY}/${runOf(ended)}.old`)
  const own = await open()
  expect(await folders()).toEqual([own.name])
  await expect.poll(() => programs(runOf(ended))).toBe(0)
  await own.destroy()
})

test('runs of other computers, and what has another name, are removed when they are old', async () => {
  await leave(foreign)
  await leave('leti-0123456789ab')
  const first = await open()
  expect(await folders()).toEqual([foreign, first.name, 'leti-0123456789ab'].sort())
  await plugged.shell(`touch -d @1000 ${TEMPORARY}/${foreign} ${TEMPORARY}/leti-0123456789ab`)
  const second = await open()
  expect(await folders()).toEqual([first.name, second.name].sort())
  await first.destroy()
  await second.destroy()
})

test('what this process closed without reaching the phone is removed by its next opening', async () => {
  const lost = await open()
  await plugged.phone.unplug()
  await lost.destroy()
  await plugged.phone.plugIn()
  expect(await folders()).toEqual([lost.name])
  const own = await open()
  expect(await folders()).toEqual([own.name])
  await own.destroy()
})

test('the ports of an ended run are closed, not those of a live one', async () => {
  const ports = [await freePort(), await freePort()]
  for (const [index, run] of [runOf(ended), live()].entries()) {
    await leave(run, noteOf.forward(ports[index]), noteOf.reverse(ports[index]))
    await adb.forward(ports[index], 'localabstract:chrome_devtools_remote')
    await adb.reverse(ports[index])
  }
  const own = await open()
  const { stdout } = await plugged.adb('forward', '--list')
  expect(stdout).not.toContain(`tcp:${ports[0]} `)
  expect(stdout).toContain(`tcp:${ports[1]} `)
  expect(plugged.phone.reverses().map(({ host }) => host)).toEqual([`tcp:${ports[1]}`])
  await own.destroy()
  await plugged.adb('forward', '--remove-all')
  await plugged.adb('reverse', '--remove-all')
})

test.each([
  ['stopped', []],
  ['left alone if a live run uses it too', [live]],
])('the app of an ended run is %s', async (_what, others) => {
  await leave(runOf(ended), noteOf.app(APP))
  for (const other of others) await leave(other(), noteOf.app(APP))
  const before = plugged.phone.commands().length
  const own = await open()
  const commands = plugged.phone.commands().slice(before)
  const stops = commands.filter((command) => command.startsWith(`am force-stop ${APP}`))
  expect(stops).toHaveLength(others.length === 0 ? 1 : 0)
  await own.destroy()
})

test('a phone gets its own clocks back: from this run, or from one that was killed', async () => {
  const { state } = plugged.phone
  const own = await open()
  expect(await fixPerformance(adb, 34)).toBe(true)
  expect(state.isPerformanceFixed).toBe(true)
  // Another device of this phone that is open still needs them held.
  await leave(live(), noteOf.fixedPerformance)
  await releasePerformance(adb, own)
  expect(state.isPerformanceFixed).toBe(true)
  await plugged.shell(`rm -rf ${TEMPORARY}/${live()}`)
  await releasePerformance(adb, own)
  expect(state.isPerformanceFixed).toBe(false)
  await own.destroy()

  state.isPerformanceFixed = true
  await leave(runOf(ended), noteOf.fixedPerformance)
  await (await open()).destroy()
  expect(state.isPerformanceFixed).toBe(false)
})

test('a phone that lacks the mode is measured with its own clocks', async () => {
  const { state } = plugged.phone
  state.hasFixedPerformance = false
  expect(await fixPerformance(adb, 34)).toBe(false)
  state.hasFixedPerformance = true
  expect(await fixPerformance(adb, 29)).toBe(false)
  expect(state.isPerformanceFixed).toBe(false)
})
