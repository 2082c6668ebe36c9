import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'
import { records, shell, smallCells, startDeviceRun, until, type Outcome } from './run.js'

const plugged = pluggedIn()
const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const devices = join(folder, 'devices.yaml')
const cells = join(folder, 'cells.ndjson')
writeFileSync(devices, 'pixel: { target: android-chrome, backend: wasm }\n')
const FAST = '--max-seconds 0.1'
/** For tests of something else than the outputs: the CPU reference takes most of a short run. */
const UNCHECKED = '--no-verify'

afterEach(async () => {
  const { phone } = plugged
  phone.behave()
  // Even after a failure, nothing is left on the phone or in the adb server.
  expect(phone.reverses()).toEqual([])
  expect((await plugged.shell('ls /data/local/tmp')).stdout).toBe('')
  expect((await plugged.server.adb('forward', '--list')).stdout.trim()).toBe('')
})

function line(text: string): Promise<Outcome> {
  return shell(text, { env: { ...process.env, ...plugged.server.env } })
}

async function deviceRun(options: string, count = 1): Promise<Outcome> {
  const run = `device-run -q --devices ${devices} -d pixel ${FAST} ${options}`
  return line(`head -n ${count} ${await smallCells()} | ${run}`)
}

/** Starts a long run over some cells and waits until the first is measured. */
async function startRun(count: number) {
  await line(`head -n ${count} ${await smallCells()} > ${cells}`)
  const args = ['-q', '--devices', devices, '-d', 'pixel', '--precision', '0.0001', UNCHECKED]
  args.push('--timeout', '20')
  const run = startDeviceRun([...args, '--max-seconds', '1', cells], plugged.server.env)
  await until(() => run.output().includes('\n'))
  return run
}

const outcomesOf = (text: string): string[] => records(text).map(({ error }) => error?.code ?? 'ok')

test.each([
  ['tfjs', 'wasm'],
  ['tfjs', 'webgl'],
  ['tfjs', 'webgpu'],
  ['litert', 'wasm'],
  ['litert', 'webgpu'],
])(
  '%s %s measures; its outputs match a CPU reference on this computer',
  async (runtime, backend) => {
    const { code, stdout, stderr } = await deviceRun(`--runtime ${runtime} --backend ${backend}`)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const [{ measurement }] = records(stdout)
    expect(measurement).toMatchObject({
      device: 'pixel',
      target: 'android-chrome',
      backend,
      verified: true,
      environment: {
        model: 'Google Pixel 7',
        android: '14',
        soc: 'Google GS201',
        browser: 'Chrome/131.0.6778.135',
        thermal_status_before: 'none',
        battery_temperature_after_c: 27.5,
        cross_origin_isolated: true,
        wake_lock: true,
        fixed_performance: true,
      },
    })
    expect(measurement?.runtime).toMatch(new RegExp(`^${runtime}@`))
    expect(measurement?.output_error).toBeLessThan(1e-3)
  },
)

test('opens the page with the screen on and the tab in front', async () => {
  const { phone } = plugged
  phone.state.isAwake = false
  await deviceRun(UNCHECKED)
  expect(phone.state.isAwake).toBe(true)
  expect(phone.state.isPerformanceFixed).toBe(false)
  expect(phone.state.foreground).toMatch(/^com\.android\.chrome\//)
})

test('--cooldown waits for the thermal status to fall, but not longer', async () => {
  const { phone } = plugged
  phone.state.heatTo(2, 1.5)
  const cooled = await deviceRun(`--cooldown 60 ${UNCHECKED}`)
  const [{ measurement }] = records(cooled.stdout)
  expect(measurement?.environment?.thermal_status_before).toBe('none')
  phone.state.heatTo(3)
  const hot = await line(
    `head -n 1 ${await smallCells()} | device-run --devices ${devices} -d pixel ${FAST} ${UNCHECKED} --cooldown 1`,
  )
  phone.state.heatTo(0)
  expect(records(hot.stdout)[0].measurement?.environment?.thermal_status_after).toBe('severe')
  expect(records(hot.stdout)[0].measurement?.quality?.flags).toEqual(['thermal'])
  expect(hot.stderr).toMatch(/stdin:1: pixel did not cool within --cooldown/)
})

/** The addresses of Chrome's tabs. */
async function tabs(): Promise<string[]> {
  const { stdout } = await plugged.adb('forward', 'tcp:0', 'localabstract:chrome_devtools_remote')
  const port = stdout.trim()
  const response = await fetch(`http://127.0.0.1:${port}/json/list`)
  const list = (await response.json()) as { url: string }[]
  await plugged.adb('forward', '--remove', `tcp:${port}`)
  return list.map(({ url }) => url)
}

test('two runs on one phone do not disturb each other', async () => {
  const runs = await Promise.all([1, 2].map(() => deviceRun(`--no-lock ${UNCHECKED}`, 2)))
  for (const { stdout, stderr } of runs) {
    expect(stderr).toBe('')
    expect(outcomesOf(stdout)).toEqual(['ok', 'ok'])
  }
})

describe('faults', () => {
  test('killing Chrome during a run costs one record', async () => {
    plugged.phone.set({ killChromeAtCall: 8 })
    const { code, stdout, stderr } = await deviceRun('', 3)
    expect(code).toBe(1)
    const outcomes = outcomesOf(stdout)
    expect(outcomes).toHaveLength(3)
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toHaveLength(1)
    expect(stderr.trim()).toMatch(/^stdin:\d: [^\n]+$/)
  })

  test('a hanging Chrome is given up after --timeout', async () => {
    plugged.phone.set({ hangChromeAtCall: 8 })
    const { code, stdout } = await deviceRun('--timeout 20', 2)
    expect(code).toBe(1)
    const outcomes = outcomesOf(stdout)
    expect(outcomes).toHaveLength(2)
    expect(outcomes).toContain('timeout')
    expect(outcomes).toContain('ok')
  })

  test('outputs that are wrong from the second run on are an error', async () => {
    plugged.phone.set({ wrongNumbers: true })
    const { code, stdout, stderr } = await deviceRun('', 2)
    expect(code).toBe(1)
    expect(outcomesOf(stdout)).toEqual(['wrong-output', 'wrong-output'])
    expect(stderr).toMatch(/stdin:1: the output of the last run is .*% off the CPU reference/)
  })

  test('a reboot costs one record, and the run goes on', async () => {
    const run = await startRun(3)
    await plugged.phone.reboot()
    expect(await run.ended).toBe(1)
    const outcomes = outcomesOf(run.output())
    expect(outcomes).toEqual(['ok', 'device-lost', 'ok'])
  })

  test('unplugged for good: all later records fail, what was measured is kept', async () => {
    const run = await startRun(3)
    await plugged.phone.unplug()
    expect(await run.ended).toBe(1)
    expect(outcomesOf(run.output())).toEqual(['ok', 'device-lost', 'device-lost'])
    expect(run.errors()).toMatch(/cells\.ndjson:3: phone \S+ is not attached|no phone is attached/)
    await plugged.phone.plugIn()
    // The next run removes what this one could not.
    expect((await deviceRun(UNCHECKED)).code).toBe(0)
  })

  test.each([
    ['offline', { offline: true }, /offline: unplug it/],
    ['unauthorized', { unauthorized: true }, /unauthorized: unlock it and allow USB debugging/],
  ])('%s at the start: exit code 2, nothing is measured', async (state, behavior, message) => {
    const { phone, server } = plugged
    phone.set(behavior)
    await server.untilState(phone.serial, state)
    const { code, stdout, stderr } = await deviceRun('')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    phone.behave()
    await server.untilState(phone.serial, 'device')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends the run and leaves nothing behind',
    async (signal) => {
      const run = await startRun(12)
      run.child.kill(signal)
      expect(await run.ended).toBe(130)
      const outcomes = outcomesOf(run.output())
      expect(outcomes).toContain('ok')
      expect(outcomes.length).toBeLessThan(4)
    },
  )

  test('a run removes what a killed run left behind', async () => {
    const run = await startRun(3)
    const [{ host }] = plugged.phone.reverses()
    run.child.kill('SIGKILL')
    await run.ended
    expect(plugged.phone.reverses()).toHaveLength(1)
    expect(await tabs()).toContainEqual(expect.stringMatching(/\/leti-/))
    const { code } = await deviceRun(UNCHECKED)
    expect(code).toBe(0)
    expect(plugged.phone.reverses().map((reverse) => reverse.host)).not.toContain(host)
    expect(await tabs()).not.toContainEqual(expect.stringMatching(/leti-/))
  })
})
