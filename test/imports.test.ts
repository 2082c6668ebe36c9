import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { humanFile } from '../lib/formats/src/human.fixture.js'
import { mediapipeFile } from '../lib/formats/src/mediapipe.fixture.js'
import { onnxBytes, type OnnxModel } from '../lib/formats/src/onnx.fixture.js'
import { records, shell, SMALL } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const TFJS = humanFile('liveness')
const TFLITE = mediapipeFile('face_detection', 'face_detection_short_range')

const ONNX = join(folder, 'my net.onnx')
const weight = { shape: [8, 3, 3, 3], floats: new Float32Array(216).map((_, at) => Math.sin(at)) }
const MODEL: OnnxModel = {
  nodes: [
    { op: 'Conv', inputs: ['x', 'w'], outputs: ['c'], attributes: { pads: [1, 1, 1, 1] } },
    { op: 'Relu', inputs: ['c'], outputs: ['y'] },
  ],
  constants: { w: weight },
  inputs: { x: ['N', 3, 16, 16] },
  outputs: ['y'],
}
writeFileSync(ONNX, onnxBytes(MODEL))

test('files of each format are measured, used for training, and predicted', async () => {
  const files = `'${TFJS},${TFLITE},${ONNX}'`
  const measured = join(folder, 'measured.ndjson')
  const { code, stdout } = await shell(
    `gen-model --from ${files} | device-run -d node --max-seconds 0 2> /dev/null | featurize | tee ${measured}`,
  )
  expect(code).toBe(0)
  const made = records(stdout)
  expect(made.map(({ id }) => id.replace(/-[0-9a-f]{8}$/, ''))).toEqual([
    'liveness',
    'face_detection_short_range',
    'my_net',
  ])
  for (const record of made) {
    expect(record.arch).toMatchObject({ space: 'file' })
    expect(record.model).toMatchObject({ format: 'tfjs' })
    expect(record.measurement).toMatchObject({ verified: true })
    expect(record.features?.macs).toBe(record.model?.macs)
  }
  // 16 x 16 output pixels, 8 filters of 3 x 3 x 3.
  expect(made[2].model?.macs).toBe(16 * 16 * 8 * 27)

  const predictor = join(folder, 'predictor.json')
  // The three files are too few networks to learn from.
  const cells = `nb101-sample -n 8 ${SMALL} | device-run -d node --max-seconds 0 2> /dev/null`
  const train = await shell(
    `${cells} | featurize --kernels | cat ${measured} - | train --model kernels > ${predictor}`,
  )
  expect(train.code).toBe(0)
  const predicted = await shell(
    `gen-model --from ${files} | featurize | predict --predictor ${predictor}`,
  )
  expect(predicted.code).toBe(0)
  const latencies = records(predicted.stdout).map(({ prediction }) => prediction?.latency_ms)
  expect(latencies).toEqual([1, 2, 3].map(() => expect.any(Number) as number))
})

test('a .tflite file is the model itself, unless --out writes another format', async () => {
  const own = records((await shell(`gen-model --from ${TFLITE}`)).stdout)[0]
  const { sha256 } = own.arch as { sha256?: unknown }
  expect(own.model).toMatchObject({ format: 'tflite', path: TFLITE, sha256 })
  const { stdout } = await shell(`gen-model --from ${TFLITE} --out ${folder}`)
  expect(records(stdout)[0].model).toMatchObject({
    format: 'tfjs',
    path: join(folder, own.id, 'model.json'),
    macs: own.model?.macs,
  })
})

test('a file that has changed since its record was made is refused', async () => {
  const file = join(folder, 'changing.onnx')
  writeFileSync(file, readFileSync(ONNX))
  const { stdout } = await shell(`gen-model --from ${file}`)
  writeFileSync(file, readFileSync(ONNX).toString('latin1').replace('Relu', 'Tanh'), 'latin1')
  const { code, stderr } = await shell(`featurize --set proxies <<< '${stdout}'`)
  expect(code).toBe(1)
  expect(stderr).toContain('has changed since its record was made')
})

test('gen-model asks for a size that the file leaves open; the record keeps it', async () => {
  const file = join(folder, 'open.onnx')
  writeFileSync(file, onnxBytes({ ...MODEL, inputs: { x: ['N', 3, 'H', 'W'] } }))
  const open = await shell(`gen-model --from ${file}`)
  expect(open.code).toBe(1)
  expect(open.stderr).toContain('set it with --input-shape x:?,3,?,?')
  const { code, stdout } = await shell(
    `gen-model --from ${file} --input-shape x:1,3,24,16 | device-run -d node --max-seconds 0 -q | featurize`,
  )
  expect(code).toBe(0)
  const [record] = records(stdout)
  expect(record.id).toMatch(/^open-[0-9a-f]{8}-1x3x24x16$/)
  expect(record.arch).toMatchObject({ input_shape: { x: [1, 3, 24, 16] } })
  expect(record.measurement).toMatchObject({ verified: true })
  // 24 x 16 output pixels, 8 filters of 3 x 3 x 3.
  expect(record.features?.macs).toBe(24 * 16 * 8 * 27)
})

test('a file of batch 4 is measured as such, and --resume knows it', async () => {
  const [file, out] = ['batch.onnx', 'batch.ndjson'].map((name) => join(folder, name))
  writeFileSync(
    file,
    onnxBytes({
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      constants: { w: { shape: [16, 3], floats: new Float32Array(48).fill(0.5) } },
      inputs: { x: [4, 16] },
      outputs: ['y'],
    }),
  )
  const measure = `gen-model --from ${file} | device-run -d node --max-seconds 0 --resume ${out} >> ${out}`
  expect((await shell(measure)).code).toBe(0)
  const { stderr } = await shell(measure)
  expect(stderr).toContain('skipped 1')
  const [record, ...others] = records(readFileSync(out, 'utf8'))
  expect(others).toEqual([])
  expect(record).toMatchObject({ model: { batch: 4 }, measurement: { batch: 4 } })
})

test.each([
  ['--input-shape 1,3', '--input-shape requires --from'],
  [
    '--from net.onnx --input-shape 1x3',
    '--input-shape: "1x3": expected a shape such as 1,3,224,224',
  ],
  ['--from net.onnx --input-shape n=', '--input-shape: "n=": expected a shape such as 1,3,224,224'],
  ["--from net.onnx --input-shape '1,3 x:1'", '--input-shape: "1,3": name each of several shapes'],
])('gen-model %s is wrong usage', async (args, message) => {
  const { code, stdout, stderr } = await shell(`gen-model ${args}`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('a record with a malformed input shape is refused', async () => {
  const record = { id: 'a', arch: { space: 'file', file: ONNX, input_shape: '1,3,16,16' } }
  const { code, stdout } = await shell(`featurize --set proxies <<< '${JSON.stringify(record)}'`)
  expect(code).toBe(1)
  expect(records(stdout)[0].error).toMatchObject({
    code: 'bad-arch',
    message: '"arch.input_shape" must be a shape, or one for each input',
  })
})

test('unknown operators are counted in a warning and in the record', async () => {
  const file = join(folder, 'exotic.tflite')
  const bytes = readFileSync(mediapipeFile('selfie_segmentation', 'selfie_segmentation'))
  bytes.write('X', bytes.indexOf('Convolution2DTransposeBias'))
  writeFileSync(file, bytes)
  const { code, stdout, stderr } = await shell(`gen-model --from ${file} | featurize --set proxies`)
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /exotic.tflite: 1 of \d+ operators is unknown \(about 2% of the MACs\): Xonvolution2DTransposeBias$/,
  )
  expect(records(stdout)[0].unknown).toEqual({
    mac_share: expect.closeTo(0.0177, 3) as number,
    operators: ['Xonvolution2DTransposeBias'],
  })
})

test('a damaged file costs only its own record', async () => {
  const damaged = join(folder, 'damaged.onnx')
  writeFileSync(damaged, readFileSync(ONNX).subarray(0, 200))
  const { code, stdout } = await shell(`gen-model --from '${damaged}' '${ONNX}'`)
  expect(code).toBe(1)
  const [bad, good] = records(stdout)
  expect(bad).toMatchObject({ id: 'damaged', error: { tool: 'gen-model', code: 'bad-model' } })
  expect(good.error).toBeUndefined()
})

test('a missing file is wrong usage; in a list of files it costs one record', async () => {
  const wrong = await shell(`gen-model --from '${ONNX}' no-such.onnx`)
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'gen-model: cannot read no-such.onnx: no such file',
  })
  const list = `(echo no-such.onnx; echo '${ONNX}')`
  const { code, stdout, stderr } = await shell(`${list} | gen-model --from -`)
  expect(code).toBe(1)
  expect(stderr).toContain('stdin:1: cannot read the model')
  expect(records(stdout).map(({ error }) => error?.code)).toEqual(['bad-arch', undefined])
})
