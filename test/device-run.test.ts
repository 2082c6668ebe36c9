import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { records, shell, SMALL, smallCells, startDeviceRun as start, until } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const FAST = '--max-seconds 0.1'
/** For tests of something else than the outputs: the CPU reference takes most of a short run. */
const UNCHECKED = `${FAST} --no-verify`
let files = 0

async function cells(count: number): Promise<string> {
  const file = join(folder, `cells${files++}.ndjson`)
  await shell(`head -n ${count} ${await smallCells()} > ${file}`)
  return file
}

/** The child that measures; another one makes the models. */
async function measuringChildOf(pid: number): Promise<number> {
  const { stdout } = await shell(`ps -o pid=,args= --ppid ${pid}`)
  const line = stdout.split('\n').find((child) => !child.includes('models/worker.js'))
  return Number.parseInt(line ?? '', 10)
}

/** The processes whose parent is `pid`. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await shell(`ps -o pid= --ppid ${pid}`)
  return stdout.split('\n').filter(Boolean).map(Number)
}

describe.each([
  ['node', 'tfjs', 'wasm'],
  ['node', 'tfjs', 'cpu'],
  ['node', 'litert', 'wasm'],
  ['chromium', 'tfjs', 'wasm'],
  ['chromium', 'tfjs', 'webgl'],
  ['chromium', 'tfjs', 'webgpu'],
  ['chromium', 'tfjs', 'cpu'],
  ['chromium', 'litert', 'wasm'],
  ['chromium', 'litert', 'webgpu'],
])('%s with %s %s', (device, runtime, backend) => {
  test('measures; its outputs match an independent CPU reference', async () => {
    const file = await cells(2)
    const profile = runtime === 'tfjs' ? '--profile' : ''
    const { code, stdout } = await shell(
      `device-run -q -d ${device} --runtime ${runtime} --backend ${backend} ${FAST} --samples ${profile} ${file}`,
    )
    expect(code).toBe(0)
    expect(records(stdout)).toHaveLength(2)
    for (const { measurement, model } of records(stdout)) {
      expect(measurement).toMatchObject({ device, backend, batch: 1, verified: true, threads: 1 })
      expect(measurement?.output_error).toBeLessThan(1e-3)
      expect(measurement?.latency_ms.median).toBeGreaterThan(0)
      expect(measurement?.latency_ms.count).toBe(measurement?.samples_ms?.length)
      expect(measurement?.runtime).toMatch(new RegExp(`^${runtime}@\\d`))
      expect(measurement?.environment).toHaveProperty('cpu')
      expect(model?.format).toBe(runtime === 'tfjs' ? 'tfjs' : 'tflite')
      expect(model).not.toHaveProperty('path')
      if (backend === 'webgl') expect(measurement?.environment?.gpu).toMatch(/\w{3}/)
      if (backend === 'webgpu' && runtime === 'litert') {
        expect(measurement?.delegation).toEqual({ full: true })
      }
      if (!profile) continue
      // At least the stem and the dense layer, none listed twice.
      const kernels = measurement?.kernels ?? []
      expect(kernels.length).toBeGreaterThan(2)
      expect(kernels.filter(({ name }) => name.endsWith('__op'))).toEqual([])
    }
  })
})

// With tfjs: `--resume goes by the number of threads`.
test('wasm threads in Chromium with litert: the record has the number used', async () => {
  const file = await cells(1)
  const { stdout } = await shell(
    `device-run -q -d chromium --runtime litert --threads 2 ${UNCHECKED} ${file}`,
  )
  const [{ measurement }] = records(stdout)
  expect(measurement).toMatchObject({ threads: 2, environment: { cross_origin_isolated: true } })
})

test('writes a record once for each device', async () => {
  const file = await cells(2)
  const devices = join(folder, 'two.yaml')
  writeFileSync(devices, 'other: { target: node, runtime: litert }\n')
  const { stdout } = await shell(
    `device-run -q --devices ${devices} -d node,other ${UNCHECKED} ${file}`,
  )
  const measured = records(stdout).map(({ id, measurement }) => [id, measurement?.device])
  const ids = records(readFileSync(file, 'utf8')).map(({ id }) => id)
  expect(measured).toEqual(
    ids.flatMap((id) => [
      [id, 'node'],
      [id, 'other'],
    ]),
  )
})

test.each([
  ['tfjs', /model\.json$/],
  ['tflite', /\.tflite$/],
])("measures gen-model's files in %s without converting them", async (format, path) => {
  const runtime = format === 'tfjs' ? 'tfjs' : 'litert'
  const { stdout } = await shell(
    `head -n 1 ${await smallCells()} | gen-model --format ${format} --out ${folder}/models | ` +
      `device-run -q -d node --runtime ${runtime} ${FAST}`,
  )
  const [{ model, measurement }] = records(stdout)
  expect(model?.path).toMatch(path)
  expect(measurement?.verified).toBe(true)
})

test('a model with float16 weights runs entirely on WebGPU', async () => {
  const { stdout } = await shell(
    `head -n 1 ${await smallCells()} | ` +
      `gen-model --format tflite --weights float16 --out ${folder}/float16 | ` +
      `device-run -q -d chromium --runtime litert --backend webgpu ${FAST}`,
  )
  const [{ model, measurement }] = records(stdout)
  expect(model?.weights).toBe('float16')
  expect(measurement).toMatchObject({ verified: true, delegation: { full: true } })
})

test('converts a model to the format of the runtime', async () => {
  const { code, stdout } = await shell(
    `head -n 1 ${await smallCells()} | gen-model --out ${folder}/tfjs | ` +
      `device-run -q -d node --runtime litert ${FAST}`,
  )
  expect(code).toBe(0)
  const [{ model, measurement }] = records(stdout)
  expect(model?.format).toBe('tflite')
  expect(measurement).toMatchObject({
    runtime: expect.stringMatching(/^litert@/) as string,
    verified: true,
  })
})

test('a model in an unknown format costs one record', async () => {
  const line = '{"id":"a","model":{"format":"pb","path":"a.pb"}}'
  const { code, stdout } = await shell(`device-run -q -d node ${FAST} <<< '${line}'`)
  expect(code).toBe(1)
  expect(records(stdout)[0].error?.code).toBe('unsupported')
})

test.each([
  ['--runtime litert --profile', /--profile: litert does not time kernels/],
  ['--cooldown 10', /--cooldown: only phones report how hot they are/],
])('refuses %s, which would have no effect on node', async (options, message) => {
  const { code, stdout, stderr } = await shell(`device-run -d node ${options} < /dev/null`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

describe('devices', () => {
  test('an unknown device: the error lists the known ones and how to define one', async () => {
    const { code, stdout, stderr } = await shell('nb101-sample -n 1 | device-run --device pixel')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /unknown device "pixel"; known: node, chromium, web\. Define it in devices\.yaml/,
    )
  })

  test('devices.yaml defines devices; an error names the entry', async () => {
    const file = join(folder, 'devices.yaml')
    writeFileSync(file, 'mine: { target: node, backend: cpu }\n')
    const cell = await cells(1)
    const { stdout } = await shell(`device-run -q --devices ${file} -d mine ${UNCHECKED} ${cell}`)
    expect(records(stdout)[0].measurement).toMatchObject({ device: 'mine', backend: 'cpu' })
    // The other wrong entries: lib/devices/src/config.test.ts.
    for (const [text, message] of [
      [
        'mine: { target: nod }',
        /device "mine": unknown target "nod"; known: node, chromium, android/,
      ],
      ['mine: [', /devices\.yaml: /],
    ] as const) {
      writeFileSync(file, text)
      const { code, stderr } = await shell(`device-run --devices ${file} -d mine < /dev/null`)
      expect(code).toBe(2)
      expect(stderr).toMatch(message)
    }
  })

  test('a missing browser is reported before anything is measured', async () => {
    const file = join(folder, 'missing.yaml')
    writeFileSync(file, 'mine: { target: chromium, executable: /no/such/browser }')
    const { code, stderr } = await shell(
      `nb101-sample -n 1 | device-run --devices ${file} -d mine; device-run --devices ${file} --list`,
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/\/no\/such\/browser is not an executable file/)
    const list = await shell(`device-run --devices ${file} --list`)
    expect(records(list.stdout).map(({ device, state }) => [device, state])).toEqual([
      ['node', 'ready'],
      ['chromium', 'ready'],
      ['web', 'unavailable'],
      ['mine', 'unavailable'],
    ])
  })
})

test('uses a running browser through its endpoint, and leaves it running', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'leti-browser-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0']
  const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run']
  const listed = (await shell('device-run --list')).stdout
  const [executable] = /\/[^,"]+/.exec(listed) ?? ['']
  const browser = spawn(executable, [...flags, ...quiet, `--user-data-dir=${profile}`])
  try {
    let said = ''
    browser.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(() => said.includes('DevTools listening'))
    const endpoint = /ws:\S+/.exec(said)?.[0] ?? ''
    const file = join(folder, 'endpoint.yaml')
    writeFileSync(file, `running: { target: chromium, endpoint: "${endpoint}" }`)
    const cell = await cells(1)
    const line = `device-run -q --devices ${file} -d running ${FAST} ${cell}`
    for (let run = 0; run < 2; run++) {
      const { code, stdout } = await shell(line)
      expect(code).toBe(0)
      expect(records(stdout)[0].measurement).toMatchObject({ device: 'running', verified: true })
    }
  } finally {
    browser.kill('SIGKILL')
  }
  const gone = join(folder, 'gone.yaml')
  writeFileSync(gone, 'running: { target: chromium, endpoint: "ws://127.0.0.1:1/x" }')
  const { code, stdout } = await shell(`device-run --devices ${gone} -d running < /dev/null`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('--clock cpu leaves out the time in which the process does not run', async () => {
  const args = ['--max-seconds', '1', '--precision', '0.0001', '--no-verify', '--clock', 'cpu']
  const run = start(['-q', '-d', 'node', ...args, await cells(1)])
  await until(async () => (await childrenOf(run.child.pid as number)).length > 1)
  const worker = await measuringChildOf(run.child.pid as number)
  // It runs for a quarter of the time, as if others had the CPU meanwhile.
  const line = `while kill -STOP ${worker} && sleep .06 && kill -CONT ${worker}; do sleep .02; done`
  const paced = shell(line)
  expect(await run.ended).toBe(0)
  await paced
  const [{ measurement }] = records(run.output())
  expect(measurement?.environment).toMatchObject({ clock: 'cpu' })
  // By the wall clock, the samples fill the second.
  expect(measurement?.sampled_ms).toBeGreaterThan(0)
  expect(measurement?.sampled_ms).toBeLessThan(600)
})

describe('a device that fails', () => {
  test.each(['node', 'chromium'])('killing %s costs one record', async (device) => {
    const file = await cells(3)
    const args = ['--max-seconds', '1', '--precision', '0.0001', '--no-verify']
    const run = start(['-q', '-d', device, ...args, file])
    await until(() => run.output().includes('\n'))
    await delay(300)
    process.kill(await measuringChildOf(run.child.pid as number), 'SIGKILL')
    expect(await run.ended).toBe(1)
    const outcomes = records(run.output()).map(({ error }) => error?.code ?? 'ok')
    expect(outcomes).toHaveLength(3)
    expect(outcomes.filter((code) => code !== 'ok')).toEqual(['device-crashed'])
    expect(run.errors()).toMatch(/cells\d+\.ndjson:\d: the .* died/)
  })

  test('a hanging device is abandoned after --timeout', async () => {
    const file = await cells(3)
    const args = ['-q', '-d', 'node', '--max-seconds', '1', '--precision', '0.0001', '--no-verify']
    const run = start([...args, '--timeout', '8', file])
    await until(() => run.output().includes('\n'))
    await delay(200)
    process.kill(await measuringChildOf(run.child.pid as number), 'SIGSTOP')
    expect(await run.ended).toBe(1)
    const outcomes = records(run.output()).map(({ error }) => error?.code ?? 'ok')
    expect(outcomes).toEqual(['ok', 'timeout', 'ok'])
  })

  test('damaged weights: a wrong output gives an error, not a latency', async () => {
    const models = join(folder, 'damaged')
    const line = `head -n 2 ${await smallCells()} | gen-model --out ${models}`
    const generated = records((await shell(line)).stdout)
    const shard = join(generated[0].model?.path ?? '', '../group1-shard1of1.bin')
    // The first numbers belong to the stem's filter.
    writeFileSync(
      shard,
      readFileSync(shard).fill(new Uint8Array(new Float32Array([NaN]).buffer), 0, 64),
    )
    // Without a digest, only the outputs show the damage.
    const undigested = generated.map(({ model, ...record }) => ({
      ...record,
      model: { ...model, sha256: undefined },
    }))
    const input = join(folder, 'damaged.ndjson')
    writeFileSync(input, undigested.map((record) => JSON.stringify(record) + '\n').join(''))
    const { code, stdout } = await shell(`device-run -q -d node ${FAST} ${input}`)
    expect(code).toBe(1)
    const [bad, good] = records(stdout)
    expect(bad.error).toMatchObject({ tool: 'device-run', code: 'wrong-output' })
    expect(bad.measurement).toBeUndefined()
    expect(good.measurement?.verified).toBe(true)
    const unchecked = await shell(`device-run -q -d node --no-verify ${FAST} ${input}`)
    expect(records(unchecked.stdout)[0].measurement?.verified).toBe(false)
  })

  test('a missing model file costs one record', async () => {
    const model = '{"format":"tfjs","path":"no/model.json","parameters":1,"macs":1}'
    const { code, stdout } = await shell(
      `(echo '{"id":"a","model":${model}}'; nb101-sample -n 1 ${SMALL}) | device-run -q -d node ${UNCHECKED}`,
    )
    expect(code).toBe(1)
    expect(records(stdout).map(({ error }) => error?.code)).toEqual(['model-failed', undefined])
  })
})

describe('a run that is stopped', () => {
  test('by a reader that closes the pipe ends soon', async () => {
    const file = await cells(30)
    const { stdout } = await shell(
      `device-run -d node --max-seconds 1 --precision 0.0001 --no-verify ${file} | tee ${folder}/all | head -1`,
    )
    expect(records(stdout)).toHaveLength(1)
    const all = records(readFileSync(join(folder, 'all'), 'utf8'))
    expect(all.length).toBeLessThan(6)
  })

  test('--resume accepts a file that does not exist yet', async () => {
    const file = await cells(1)
    const { code, stdout } = await shell(
      `device-run -q -d node ${UNCHECKED} --resume ${folder}/no ${file}`,
    )
    expect(code).toBe(0)
    expect(records(stdout)).toHaveLength(1)
  })

  test('Ctrl-C: exit code 130, measured records are written, no process is left', async () => {
    const file = await cells(30)
    const run = start([
      '-q',
      '-d',
      'node',
      '--max-seconds',
      '1',
      '--precision',
      '0.0001',
      '--no-verify',
      file,
    ])
    await until(() => run.output().includes('\n'))
    const workers = await childrenOf(run.child.pid as number)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(130)
    const written = records(run.output())
    expect(written.every(({ measurement }) => measurement)).toBe(true)
    expect(written.length).toBeLessThan(4)
    for (const worker of workers) expect(() => process.kill(worker, 0)).toThrow()
  })
})
