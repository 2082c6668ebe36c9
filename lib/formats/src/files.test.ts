import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetworkBuilder, type Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { convertModel, floatInputShapes, readModel, writeModel } from './index.js'
import { FORMATS } from './names.js'
import { mediapipeFile } from './mediapipe.fixture.js'

const temporary = (): string => mkdtempSync(join(tmpdir(), 'leti-test-'))

function dense(units: number): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [1000] })
  const node = network.add('dense', { type: 'dense', units, bias: true }, input)
  return network.build('dense', node)
}

describe.each(FORMATS)('%s', (format) => {
  test('a failed write leaves no file that looks complete', async () => {
    const out = temporary()
    await writeModel(dense(10), format, out, 0)
    const failing = writeModel(dense(2000), format, out, (_node, role) => {
      if (role === 'bias') throw new Error('no such weights')
      return new Float32Array(2_000_000)
    })
    await expect(failing).rejects.toThrow('no such weights')
    const left = readdirSync(join(out, 'dense'))
    // The only file is replaced once the new one is complete.
    if (format === 'tflite') expect(left).toEqual(['model.tflite'])
    else expect(left.filter((name) => !/^group1-shard[12]of2.bin$/.test(name))).toEqual([])
  })
})

test('writing a smaller model removes the shards of a larger one', async () => {
  const out = temporary()
  await writeModel(dense(2000), 'tfjs', out, 0)
  const path = join(out, 'dense')
  expect(readdirSync(path)).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json'])
  await writeModel(dense(10), 'tfjs', out, 0)
  expect(readdirSync(path)).toEqual(['group1-shard1of1.bin', 'model.json'])
})

test.each([
  ['...tflite', 'model'],
  ['a model, b.tflite', 'a_model_b'],
  ['..%2f.tflite', '.._2f'],
])('a file called %s gives a network with a safe name', async (file, name) => {
  const folder = temporary()
  const path = join(folder, file)
  cpSync(mediapipeFile('face_detection', 'face_detection_short_range'), path)
  const converted = await convertModel(path, 'tflite', join(folder, 'out', 'models'))
  expect(converted.path).toBe(join(folder, 'out/models', name, 'model.tflite'))
})

test('a pipe or a folder is bad-model, and is not read', async () => {
  const pipe = join(temporary(), 'pipe.tflite')
  execFileSync('mkfifo', [pipe])
  const folder = join(temporary(), 'folder.tflite')
  mkdirSync(folder)
  for (const path of [pipe, folder]) {
    await expect(readModel(path)).rejects.toMatchObject({ code: 'bad-model' })
    await expect(floatInputShapes(path)).rejects.toMatchObject({ code: 'bad-model' })
  }
})
