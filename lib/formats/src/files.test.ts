import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetworkBuilder, type Network } from '@leti/network'
import { ownIdentity } from '@leti/records/files'
import { describe, expect, test } from 'vitest'
import { convertModel, floatInputShapes, readModel, removeLeftovers, writeModel } from './index.js'
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
  test('a model appears whole or not at all', async () => {
    const out = temporary()
    const failing = writeModel(dense(2000), format, out, (_node, role) => {
      // By now the first shard is full.
      if (role === 'bias') throw new Error('no such weights')
      return new Float32Array(2_000_000)
    })
    await expect(failing).rejects.toThrow('no such weights')
    expect(readdirSync(out)).toEqual([])
  })

  test('a model that is kept is not replaced, but written again if it is the same', async () => {
    const out = temporary()
    const written = await writeModel(dense(10), format, out, 0)
    const { ino, mtimeMs } = statSync(written.path)
    for (const [network, seed] of [
      [dense(10), 1],
      [dense(20), 0],
    ] as const) {
      await expect(writeModel(network, format, out, seed, 'float32', 'kept')).rejects.toMatchObject(
        {
          code: 'id-taken',
          message: expect.stringContaining(`${written.path} is another model`) as string,
        },
      )
    }
    expect(await writeModel(dense(10), format, out, 0, 'float32', 'kept')).toEqual(written)
    expect(statSync(written.path)).toMatchObject({ ino, mtimeMs })
    expect(readdirSync(out)).toEqual(['dense'])
  })

  test('a damaged model is kept too', async () => {
    const out = temporary()
    const { path } = await writeModel(dense(10), format, out, 0)
    writeFileSync(path, '{')
    const again = writeModel(dense(10), format, out, 0, 'float32', 'kept')
    await expect(again).rejects.toMatchObject({ code: 'id-taken' })
    expect(readFileSync(path, 'utf8')).toBe('{')
  })

  test('a folder that is a link leads nowhere', async () => {
    const [out, elsewhere] = [temporary(), temporary()]
    symlinkSync(elsewhere, join(out, 'dense'))
    await expect(writeModel(dense(10), format, out, 0)).rejects.toMatchObject({ code: 'ENOTDIR' })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('a folder may hold the models of several formats', async () => {
    const out = temporary()
    const paths = []
    for (const each of [format, ...FORMATS])
      paths.push((await writeModel(dense(10), each, out, 0)).path)
    for (const path of paths) expect((await readModel(path)).network.name).toBe('dense')
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

test('what killed processes left behind is removed; what others write is not', async () => {
  const out = temporary()
  const own = ownIdentity()
  const [space, , start] = own.split('-')
  const { pid } = spawnSync('true')
  const ended = [space, pid.toString(36), start].join('-')
  const kept = ['dense', `.leti-part-${own}-a`, `.leti-part-00000-${pid.toString(36)}-${start}-a`]
  for (const name of [...kept, `.leti-part-${ended}-a`]) mkdirSync(join(out, name))
  await removeLeftovers(out)
  expect(readdirSync(out).sort()).toEqual(kept.sort())
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
