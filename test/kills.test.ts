import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { buildBenchmark } from './emulated-phone/index.js'
import { pluggedIn } from './emulated-phone/plugged-in.fixture.js'
import { records, ROOT, shell, SMALL, until, type TestRecord } from './run.js'

// Runs with visits and --resume are killed at random moments, and continued: fifty times in all.

const RECORDS = 10

const TOOL = join(ROOT, 'tools/device-run/bin/device-run.cjs')
const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const cells = join(folder, 'cells.ndjson')
const devices = join(folder, 'devices.yaml')
const plugged = pluggedIn()

beforeAll(async () => {
  await shell(`nb101-sample -n ${RECORDS} ${SMALL} > ${cells}`)
  const benchmark = await buildBenchmark('interpreter')
  writeFileSync(devices, `pixel: { target: android-tflite, benchmark_model: ${benchmark} }\n`)
})

/** The same numbers from 0 to 1 in every run of the test (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A series of runs on one device that append to one file. */
class Series {
  readonly out: string
  /** Where the runs put their temporary files. */
  readonly temporary: string
  private readonly env: NodeJS.ProcessEnv

  constructor(
    private readonly device: string,
    readonly scope = randomUUID(),
  ) {
    this.out = join(mkdtempSync(join(folder, 'series-')), 'out.ndjson')
    // Short, since Chromium puts its socket below it.
    this.temporary = mkdtempSync(join(tmpdir(), 'kills-'))
    const { env } = plugged.server
    this.env = { ...process.env, ...env, TMPDIR: this.temporary, LETI_LOCK_SCOPE: scope }
  }

  start() {
    const stdout = openSync(this.out, 'a')
    const visiting = ['--visits', '2', '--max-seconds', '0.05', '--resume', this.out]
    const args = ['-q', '--devices', devices, '-d', this.device, ...visiting]
    const child = spawn(process.execPath, [TOOL, ...args, cells], {
      cwd: ROOT,
      env: this.env,
      stdio: ['ignore', stdout, 'pipe'],
    })
    closeSync(stdout)
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, errors }))
    return { child, ended }
  }

  /** Starts a run and kills it: after a time, or at some time after it has measured a record. */
  async kill(milliseconds: number, afterRecord: boolean): Promise<void> {
    const { child, ended } = this.start()
    const before = this.size()
    if (afterRecord) await until(() => this.size() > before || child.exitCode !== null)
    await delay(milliseconds)
    child.kill('SIGKILL')
    await ended
  }

  private size(): number {
    return statSync(this.out).size
  }

  /** Ids of the processes that any of the runs has left. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => environmentOf(pid).includes(`LETI_LOCK_SCOPE=${this.scope}`))
      .map(Number)
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

// A browser and a phone take longer to start.
test.concurrent.each([
  ['node', 28, 1],
  ['chromium', 8, 2],
  ['pixel', 14, 3],
])(
  '%s is killed %i times: no visit is lost, doubled or broken, and the next run cleans up',
  async (device, kills, seed) => {
    const random = seeded(seed)
    const series = new Series(device)
    for (let kill = 0; kill < kills; kill++) {
      const afterRecord = kill % 4 === 0
      await series.kill(random() * (afterRecord ? 200 : 1000), afterRecord)
    }
    // As a kill in the midst of a write leaves it.
    if (/(^|\n)$/.test(readFileSync(series.out, 'utf8')))
      appendFileSync(series.out, '{"id":"nb101-')
    expect(await series.start().ended).toEqual({ code: 0, errors: '' })

    const lines = readFileSync(series.out, 'utf8').trimEnd().split('\n')
    const written = lines.map((line) => JSON.parse(line) as TestRecord)
    const ids = records(readFileSync(cells, 'utf8')).map(({ id }) => id)
    const visits = written.map(({ id, measurement }) => `${id} ${measurement?.visit}`)
    expect(visits.toSorted()).toEqual(ids.flatMap((id) => [`${id} 1`, `${id} 2`]).sort())

    expect(readdirSync(series.temporary)).toEqual([])
    await until(() => series.processes().length === 0)
    if (device !== 'pixel') return
    expect(plugged.phone.processes()).toEqual([])
    expect(await plugged.phone.files()).toEqual(new Map())
    expect((await plugged.server.adb('forward', '--list')).stdout.trim()).toBe('')
  },
  600_000,
)
