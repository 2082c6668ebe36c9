import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { floatInputs } from './model-inputs.js'

const { resolve } = createRequire(import.meta.url)

test.each([
  ['@mediapipe/selfie_segmentation/selfie_segmentation.tflite', [1, 256, 256, 3]],
  ['@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite', [1, 144, 256, 3]],
  ['@mediapipe/face_detection/face_detection_short_range.tflite', [1, 128, 128, 3]],
])('%s', async (model, shape) => {
  expect(await floatInputs(resolve(model))).toEqual([shape])
})

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['text', Buffer.from('this is no model, but long enough to hold offsets of some kind')],
  ['all ones', Buffer.alloc(1000, 0xff)],
  ['a vector without end', Buffer.alloc(1000, 0x7f)],
])('%s has none', async (_name, bytes) => {
  const folder = await mkdtemp(join(tmpdir(), 'leti-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'model.tflite')
  await writeFile(path, bytes)
  expect((await floatInputs(path)) ?? []).toEqual([])
})
