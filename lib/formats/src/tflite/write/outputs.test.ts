import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { writeModel } from '../../index.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'

const out = mkdtempSync(join(tmpdir(), 'leti-test-'))

test('outputs may be inputs, constants, and one tensor twice', async () => {
  const builder = new NetworkBuilder()
  const input = builder.add('x', { type: 'input', shape: [2, 3] })
  const constant = builder.add('c', { type: 'constant', shape: [4] })
  const negative = builder.add('n', { type: 'neg' }, input)
  const network = builder.build('outputs', negative, input, constant, negative, input, constant)
  const stored = feed(7, 4)
  const { path } = await writeModel(network, 'tflite', out, () => stored)
  const { values } = await runInLiteRt(readFileSync(path), feed)
  const x = feed(0, 6)
  const minus = x.map((value) => -value)
  expectAlike(values, [minus, x, stored, minus, x, stored], 1e-6)
  expect(values).toHaveLength(6)
})
