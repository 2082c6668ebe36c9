/** Tests the emulated benchmark tools on the emulated phone with a real model, which they run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { buildBenchmark, type BenchmarkFault } from './index.js'
import { FACE_DETECTION, FACE_DETECTION_NODES as NODES } from './model.fixture.js'
import { pluggedIn } from './plugged-in.fixture.js'

const plugged = pluggedIn()
const { adb, shell } = plugged
const FOLDER = '/data/local/tmp/test'
const QUICK = '--num_runs=5 --min_secs=0.05 --warmup_min_secs=0.05'
const GRAPH = `--graph=${FOLDER}/model.tflite`

beforeAll(async () => {
  await adb('push', await buildBenchmark('interpreter'), `${FOLDER}/benchmark_model`)
  await adb('push', await buildBenchmark('compiled'), `${FOLDER}/benchmark_litert_model`)
  await adb('push', FACE_DETECTION, `${FOLDER}/model.tflite`)
})

beforeEach(() => plugged.phone.behave())

const interpreter = (flags: string) => shell(`${FOLDER}/benchmark_model ${GRAPH} ${QUICK} ${flags}`)
const compiled = (flags: string) =>
  shell(`${FOLDER}/benchmark_litert_model ${GRAPH} ${QUICK} ${flags}`)

test('Interpreter: prints results on stdout, messages of the runtime on stderr', async () => {
  const { code, stdout, stderr } = await interpreter('--num_threads=2')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^INFO: STARTING!\nINFO: Log parameter values verbosely: \[0\]\n/)
  expect(stdout).toContain(`\nINFO: Graph: [${FOLDER}/model.tflite]\n`)
  expect(stdout).toContain('\nINFO: The input model file size (MB): 0.229032\n')
  expect(stdout).toMatch(
    /\nINFO: count=\d+ first=\d+ curr=\d+ min=\d+ .* p5=\d+ median=\d+ p95=\d+\n/,
  )
  expect(stdout).toMatch(
    /\nINFO: Inference timings in us: Init: \d+, First inference: \d+, Warmup \(avg\): [\d.e+]+, Inference \(avg\): [\d.e+]+\n/,
  )
  expect(stderr).toContain(
    `VERBOSE: Replacing ${NODES} out of ${NODES} node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 1 partitions for subgraph 0.\n`,
  )
})

test('Interpreter: the GPU runs the whole graph or part of it', async () => {
  const whole = await interpreter('--use_gpu=true')
  expect(whole.stdout).toContain(
    'Explicitly applied GPU delegate, and the model graph will be completely executed by the delegate.',
  )
  plugged.phone.set({ benchmark: { delegatedNodes: 100, delegateKernels: 2 } })
  const part = await interpreter('--use_gpu=true')
  expect(part.stdout).toContain('partially executed by the delegate w/ 2 delegate kernels.')
  expect(part.stderr).toContain(
    `Replacing 100 out of ${NODES} node(s) with delegate (TfLiteGpuDelegateV2)`,
  )
  const required = await interpreter('--use_gpu=true --require_full_delegation=true')
  expect(required.code).toBe(1)
  expect(required.stderr).toMatch(
    /ERROR: Disallowed CPU fallback detected\.\nERROR: Benchmarking failed\.\n$/,
  )
})

test('Interpreter: the profile adds up to the measured time', async () => {
  const { stdout } = await interpreter('--enable_op_profiling=true --use_xnnpack=false')
  const [, table] = stdout.split('Operator-wise Profiling Info for Regular Benchmark Runs:')
  const [runOrder] = table.split('Top by Computation Time')
  const rows = runOrder.split('\n').filter((line) => line.endsWith(']') || /\]:\d+$/.test(line))
  expect(rows).toHaveLength(NODES + 1)
  const total = rows.slice(1).reduce((sum, row) => sum + Number(row.split('\t')[3]), 0)
  const measured = Number(/Inference \(avg\): ([\d.e+]+)/.exec(stdout)?.[1]) / 1000
  expect(Math.abs(total - measured) / measured).toBeLessThan(0.1)
})

test('Interpreter: reads inputs from files, writes the same output for the same input', async () => {
  const input = Float32Array.from({ length: 128 * 128 * 3 }, (_, i) => Math.sin(i))
  await adb('shell', `mkdir -p ${FOLDER}/io`)
  const local = join(tmpdir(), `input-${process.pid}.bin`)
  writeFileSync(local, Buffer.from(input.buffer))
  await adb('push', local, `${FOLDER}/io/in`)
  const outputs: Buffer[] = []
  for (const name of ['one', 'two']) {
    const { code } = await interpreter(
      `--input_layer=input --input_layer_shape=1,128,128,3 --input_layer_value_files=input:${FOLDER}/io/in --output_filepath=${FOLDER}/io/${name}`,
    )
    expect(code).toBe(0)
    await adb('pull', `${FOLDER}/io/${name}`, local)
    outputs.push(readFileSync(local))
  }
  expect(outputs[0]).toHaveLength(4 * (896 * 16 + 896))
  expect(outputs[0].equals(outputs[1])).toBe(true)
  await shell(`rm -r ${FOLDER}/io`)
})

test('warns about unknown flags; fails on a wrong value or a missing model', async () => {
  expect((await interpreter('--none=1')).stdout).toContain(
    'WARN: Unconsumed cmdline flags: --none=1',
  )
  const wrong = await interpreter('--use_gpu=yes')
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain("Failed to parse flag 'use_gpu' against argv '--use_gpu=yes'")
  const missing = await shell(`${FOLDER}/benchmark_model --graph=/data/local/tmp/none`)
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain("Could not open '/data/local/tmp/none'.")
})

test('CompiledModel: prints its block of results on stderr', async () => {
  const { code, stderr } = await compiled('--use_gpu=1 --use_cpu=0 --use_profiler=1')
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /INFO: \[benchmark_litert_model\.h:81\] \n========== BENCHMARK RESULTS ==========\nINFO: \[benchmark_litert_model\.h:82\] Model initialization: [\d.]+ ms\n/,
  )
  expect(stderr).toMatch(/Inference \(avg\): {6}[\d.]+ ms \(\d+ runs\)\n/)
  expect(stderr).toContain('with delegate (LITERT_CL) node, yielding 1 partitions')
})

test('CompiledModel: full delegation', async () => {
  plugged.phone.set({ benchmark: { delegatedNodes: 100 } })
  const part = await compiled('--use_gpu=1 --use_cpu=0 --require_full_delegation=1')
  expect(part.code).toBe(1)
  expect(part.stderr).toContain('Some ops are not accelerated.')
  const contradiction = await compiled('--use_gpu=1 --require_full_delegation=1')
  expect(contradiction.code).toBe(128 + 6)
})

test.each<[BenchmarkFault, number, RegExp]>([
  ['crash', 128 + 11, /terminate if exceeding 150 seconds\.\n$/],
  ['die', 128 + 9, /INFO: count=\d+ first=\d*$/],
  ['garbled', 0, /INFO: count=.*�/],
  ['fail', 1, /delegates one after another\.\n$/],
])('fault: %s', async (fault, code, stdout) => {
  plugged.phone.set({ benchmark: { fault } })
  const outcome = await interpreter('--use_gpu=1')
  expect(outcome.code).toBe(code)
  expect(outcome.stdout).toMatch(stdout)
})

test('a fault of the second model affects no other model', async () => {
  const model = readFileSync(FACE_DETECTION)
  const local = join(tmpdir(), `model-${process.pid}.tflite`)
  for (const name of ['b', 'c']) {
    // The same model with other bytes at its end.
    writeFileSync(local, Buffer.concat([model, Buffer.from(name)]))
    await adb('push', local, `${FOLDER}/${name}.tflite`)
  }
  const run = async (name: string): Promise<number | undefined> => {
    const graph = `--graph=${FOLDER}/${name}.tflite`
    return (await shell(`${FOLDER}/benchmark_model ${graph} ${QUICK}`)).code
  }
  plugged.phone.set({ benchmark: { fault: 'crash', atModel: 2 } })
  const codes: (number | undefined)[] = []
  for (const name of ['model', 'model', 'b', 'b', 'c', 'model']) codes.push(await run(name))
  expect(codes).toEqual([0, 0, 139, 139, 0, 0])
  // Setting the fault restarts the count.
  plugged.phone.set({ benchmark: { fault: 'crash', atModel: 1 } })
  expect([await run('c'), await run('model')]).toEqual([139, 0])
  await shell(`rm ${FOLDER}/b.tflite ${FOLDER}/c.tflite`)
})

test('fault: --help does not end', async () => {
  plugged.phone.set({ benchmark: { fault: 'hang-help' } })
  expect((await interpreter('')).code).toBe(0)
  const asking = shell(`${FOLDER}/benchmark_model --help`)
  await expect.poll(() => plugged.phone.processes().length).toBe(1)
  await shell('pkill -9 benchmark_model')
  expect((await asking).code).toBe(128 + 9)
})

test('fault: hangs until it is killed', async () => {
  plugged.phone.set({ benchmark: { fault: 'hang' } })
  const running = interpreter('')
  await expect.poll(() => plugged.phone.processes().length).toBe(1)
  await shell('pkill -9 benchmark_model')
  expect((await running).code).toBe(128 + 9)
})

test('the benchmark app writes its results to the log, under its process id', async () => {
  await shell('logcat -c')
  const started = await shell(
    `am start -S -n org.tensorflow.lite.benchmark/.BenchmarkModelActivity --es args "${GRAPH} ${QUICK}"`,
  )
  expect(started.stdout).toBe(
    'Stopping: org.tensorflow.lite.benchmark\n' +
      'Starting: Intent { cmp=org.tensorflow.lite.benchmark/.BenchmarkModelActivity (has extras) }\n',
  )
  const log = async () => (await shell("logcat -d -v brief 'tflite:I' '*:S'")).stdout
  await expect.poll(log, { timeout: 15_000, interval: 300 }).toContain('Inference timings in us')
  const lines = (await log()).split('\n').slice(1, -1)
  expect(new Set(lines.map((line) => /^[IV]\/tflite {2}\( *(\d+)\): /.exec(line)?.[1])).size).toBe(
    1,
  )
  expect(lines.join('\n')).not.toContain('STARTING')
})
