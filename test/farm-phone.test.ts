// `farm work` with an emulated phone behind the real adb.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { farmStatus, openFarm, type Farm } from '../lib/farm/src/index.js'
import { startRedis, type TestRedis } from '../lib/farm/src/redis.fixture.js'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'
import { records, shell, smallCells, startTool, until } from './run.js'
import { INTERPRETER, writeTool } from './synthetic-benchmark.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const devices = join(folder, 'devices.yaml')
/** While this file exists, the phone's tool measures. */
const held = join(folder, 'held')

const plugged = pluggedIn()
let redis: TestRedis
let farm: Farm
let env: Record<string, string>

beforeAll(async () => {
  redis = await startRedis('--appendonly', 'yes')
  farm = await openFarm(redis.url, false)
  const hold = `while [ -e ${held} ]; do sleep 0.1; done`
  const tool = await writeTool(folder, `${hold}\n${INTERPRETER}`)
  const settings = `serial: "${plugged.phone.serial}", benchmark_model: ${tool}`
  writeFileSync(devices, `pixel: { target: android-tflite, ${settings} }\n`)
  env = { ...plugged.server.env, LETI_QUEUE: redis.url }
})

afterAll(async () => {
  await farm.close()
  await redis.stop()
  rmSync(folder, { recursive: true })
})

/** What `farm status` says of the phone. */
async function status() {
  const [{ waiting, active, done, set_aside, hosts }] = (await farmStatus(farm.queues)).devices
  const [{ state, detail } = { state: 'nowhere', detail: '' }] = hosts
  return { waiting, active, done, set_aside, state, detail }
}

test('a phone that is pulled in the midst of a network gives it back, and measures it when it is plugged in again', async () => {
  writeFileSync(held, '')
  const submit = 'farm submit -d pixel --max-seconds 0.02 --no-verify'
  await shell(`head -n 2 ${await smallCells()} | ${submit}`, { env })
  const worker = startTool('farm', ['work', '--devices', devices], env)
  onTestFinished(() => void worker.child.kill('SIGKILL'))
  const measures = () =>
    plugged.phone.processes().some(({ command }) => command.includes('--graph='))
  await until(measures)
  expect(await status()).toMatchObject({ waiting: 1, active: 1, done: 0, set_aside: 0 })

  await plugged.phone.unplug()
  rmSync(held)
  await expect
    .poll(status)
    .toMatchObject({ waiting: 2, active: 0, done: 0, set_aside: 0, state: 'paused' })
  expect((await status()).detail).toContain(plugged.phone.serial)
  const jobs = await farm.queues.of('pixel').getWaiting()
  expect(jobs.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0])

  await plugged.phone.plugIn()
  const { code, stdout } = await shell('farm collect', { env })
  expect(code).toBe(0)
  expect(records(stdout)).toMatchObject(
    Array.from({ length: 2 }, () => ({
      measurement: { device: 'pixel' },
      farm: { device: 'pixel' },
    })),
  )
  expect(new Set(records(stdout).map(({ id }) => id)).size).toBe(2)
  expect(await status()).toMatchObject({ waiting: 0, active: 0, done: 2, set_aside: 0 })
  expect(worker.errors()).toMatch(/^farm: pixel is paused: .*\n$/)
  worker.child.kill('SIGINT')
  expect(await worker.ended).toBe(130)
})
