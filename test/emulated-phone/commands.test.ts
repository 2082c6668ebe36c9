/** Tests the emulated Android commands through `adb shell`. */
import { expect, test } from 'vitest'
import { pluggedIn } from './plugged-in.fixture.js'

const plugged = pluggedIn()
const { shell } = plugged

test('getprop prints one property or all', async () => {
  expect((await shell('getprop ro.product.model')).stdout).toBe('Pixel 7\n')
  expect((await shell('getprop no.such.property')).stdout).toBe('\n')
  expect((await shell('getprop')).stdout).toContain('[ro.soc.model]: [GS201]\n')
})

test('dumpsys battery', async () => {
  plugged.phone.state.battery.temperature = 34.6
  plugged.phone.state.battery.level = 41
  const { stdout } = await shell('dumpsys battery')
  expect(stdout).toMatch(/^Current Battery Service state:\n {2}AC powered: false\n/)
  expect(stdout).toContain('\n  level: 41\n')
  expect(stdout).toContain('\n  temperature: 346\n')
})

test('dumpsys thermalservice: the status falls', async () => {
  plugged.phone.state.heatTo(3, 0.2)
  expect((await shell('dumpsys thermalservice')).stdout).toMatch(/^Thermal Status: [23]$/m)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((await shell('dumpsys thermalservice')).stdout).toMatch(/^Thermal Status: 0$/m)
})

test('dumpsys SurfaceFlinger names the GPU', async () => {
  const { stdout } = await shell('dumpsys SurfaceFlinger')
  expect(stdout).toMatch(/^GLES: ARM, Mali-G710, OpenGL ES 3\.2 /m)
  expect((await shell('dumpsys nothing')).stderr).toBe("Can't find service: nothing\n")
})

test('keeps the screen on, and restores the setting', async () => {
  plugged.phone.state.isAwake = false
  plugged.phone.state.isLocked = true
  const key = 'settings get global stay_on_while_plugged_in'
  expect((await shell(key)).stdout).toBe('0\n')
  await shell('svc power stayon usb; input keyevent KEYCODE_WAKEUP; wm dismiss-keyguard')
  expect((await shell(key)).stdout).toBe('2\n')
  expect(plugged.phone.state).toMatchObject({ isAwake: true, isLocked: false })
  await shell('settings put global stay_on_while_plugged_in 0')
  expect((await shell(key)).stdout).toBe('0\n')
  expect((await shell('settings get system none')).stdout).toBe('null\n')
})

test('pm and am know the installed packages', async () => {
  expect((await shell('pm list packages chrome')).stdout).toBe('package:com.android.chrome\n')
  expect(await shell('pm path no.such')).toMatchObject({ code: 1, stdout: '' })
  const missing = await shell('am start -n no.such/.Activity')
  expect(missing).toMatchObject({
    code: 0,
    stderr: 'Error type 3\nError: Activity class {no.such/no.such.Activity} does not exist.\n',
  })
})

test('date and the log follow the clock', async () => {
  const seconds = async () => Number((await shell('date +%s')).stdout)
  const before = await seconds()
  plugged.phone.state.clock.jump(-86_400_000)
  plugged.phone.state.log.add({ pid: 7, priority: 'I', tag: 'test', text: 'yesterday' })
  expect(before - (await seconds())).toBeGreaterThan(86_000)
  const day = (await shell('date +%m-%d')).stdout.trim()
  expect((await shell('logcat -d -s test')).stdout).toMatch(
    new RegExp(
      `^--------- beginning of main\\n${day} [\\d:.]{12}     7     7 I test    : yesterday\\n$`,
    ),
  )
  plugged.phone.state.clock.jump(86_400_000)
})

test('logcat: formats, filters, clearing', async () => {
  await shell('logcat -c')
  const { log } = plugged.phone.state
  log.add({ pid: 5395, priority: 'I', tag: 'tflite', text: 'two\nlines' })
  log.add({ pid: 5395, priority: 'V', tag: 'tflite', text: 'quiet' })
  log.add({ pid: 9, priority: 'E', tag: 'other', text: 'loud' })
  const lines = async (options: string) =>
    (await shell(`logcat -d ${options}`)).stdout.split('\n').slice(1, -1)
  expect(await lines("-v brief 'tflite:I' '*:S'")).toEqual([
    'I/tflite  ( 5395): two',
    'I/tflite  ( 5395): lines',
  ])
  expect(await lines('-v raw --pid=9')).toEqual(['loud'])
  expect(await lines('-v raw -t 1')).toEqual(['loud'])
  expect(await lines('-v raw -m 1 -e lo.d')).toEqual(['loud'])
  const waiting = shell('logcat -v raw -m 1 -e late')
  await expect.poll(() => log.listenerCount('entry')).toBe(1)
  log.add({ pid: 9, priority: 'E', tag: 'other', text: 'early' })
  log.add({ pid: 9, priority: 'E', tag: 'other', text: 'late' })
  expect((await waiting).stdout).toBe('--------- beginning of main\nlate\n')
  expect((await shell('logcat -d -v nonsense')).code).toBe(1)
  await shell('logcat -c')
  expect(await lines('')).toEqual([])
})

test('pkill, ps and pidof see only processes of the phone', async () => {
  const sleeping = shell('sleep 1000')
  await expect.poll(() => plugged.phone.processes().length).toBeGreaterThan(0)
  expect((await shell('pidof node')).code).toBe(1)
  expect((await shell('ps -A')).stdout).toContain(' S sleep 1000\n')
  expect((await shell('pkill -9 sleep')).code).toBe(0)
  expect((await sleeping).code).toBe(128 + 9)
  expect(plugged.phone.processes()).toEqual([])
})

test('shows the processor of a phone, and has no other programs of this computer', async () => {
  expect((await shell('grep -c processor /proc/cpuinfo')).stdout).toBe('8\n')
  expect((await shell('uname -m')).stdout).toBe('aarch64\n')
  expect((await shell('adb devices')).code).toBe(127)
})
