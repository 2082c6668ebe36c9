import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FusionFile } from '../lib/features/src/index.js'
import type { PredictorFile } from '../lib/predictors/src/index.js'
import { records, shell } from './run.js'

// Single kernels are sampled, measured and used for training. The predictor predicts whole networks.

let directory: string
let predictor: string
let measured: number

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'leti-kernels-'))
  predictor = join(directory, 'predictor.json')
  // Measured on a quiet computer: on a busy one, kernels that are measured for a moment contradict each other.
  // From the slowest on, so that no network of the zoo is far beyond them.
  await shell(
    `zcat fixtures/measured/kernels-node-cpu.ndjson.gz |
     jq -sc 'sort_by(-.measurement.latency_ms.median) | .[range(0; length; 12)]' | featurize |
     tee ${directory}/kernels.ndjson | train -q --model kernels > ${predictor}`,
  )
  measured = readFileSync(join(directory, 'kernels.ndjson'), 'utf8').trim().split('\n').length
})

afterAll(() => rmSync(directory, { recursive: true }))

describe('measured kernels', () => {
  it('pass through the same tools as networks', async () => {
    const { code, stdout } = await shell(
      'kernel-sample -n 4 --seed 2 | gen-model | featurize | device-run -q -d node --max-seconds 0.05',
    )
    expect(code).toBe(0)
    for (const record of records(stdout)) {
      expect(record.measurement?.verified).toBe(true)
      expect(record.kernels?.[0].count).toBeGreaterThanOrEqual(1)
    }
  })

  it('predict networks of spaces that are not in the training data', async () => {
    const file = JSON.parse(readFileSync(predictor, 'utf8')) as PredictorFile
    expect(file).toMatchObject({ model: 'kernels', spaces: ['kernel'] })
    expect(measured).toBeGreaterThan(50)
    expect(file.training.count).toBe(measured)
    const { stdout } = await shell(
      `(gen-model --zoo squeezenet1_1,resnet18,vgg16; nb101-sample -n 2) | featurize --kernels |
       predict --predictor ${predictor}`,
    )
    const [squeezenet, resnet, vgg, ...cells] = records(stdout)
    expect(cells).toHaveLength(2)
    for (const { prediction, error } of [squeezenet, resnet, vgg, ...cells]) {
      expect(error).toBeUndefined()
      expect(prediction?.latency_ms).toBeGreaterThan(0)
    }
    // 0.35, 1.8 and 15.5 billion multiply-accumulates.
    const [small, middle, large] = [squeezenet, resnet, vgg].map(
      (of) => of.prediction?.latency_ms ?? 0,
    )
    expect(middle).toBeGreaterThan(small)
    expect(large).toBeGreaterThan(middle)
  })

  it('are sampled by the uncertainty of a predictor', async () => {
    const { code, stdout } = await shell(
      `kernel-sample -n 12 --seed 1 --adaptive ${predictor} | gen-model`,
    )
    expect(code).toBe(0)
    expect(records(stdout)).toHaveLength(12)
  })

  it('train a predictor together with cells, which have other features', async () => {
    const { code, stdout } = await shell(
      `(cat ${directory}/kernels.ndjson; zcat fixtures/measured/nb101-f64-node-cpu.ndjson.gz | sed -n 1,12p |
        featurize --kernels) | train -q --model kernels`,
    )
    expect(code).toBe(0)
    const file = JSON.parse(stdout) as PredictorFile
    expect(file.spaces).toEqual(['kernel', 'nb101'])
    expect(file.training.count).toBe(measured + 12)
  })

  it.each([
    ['records without kernels', 'train -q --model kernels', 'featurize --kernels'],
    [
      'a predictor of another kind',
      'kernel-sample -n 4 --adaptive <(train -q --model flops)',
      'node-wasm-flops-',
    ],
    ['a missing number', 'kernel-sample', '-n is required'],
  ])('%s is wrong usage', async (_, line, message) => {
    const cells = 'head -6 fixtures/measured/nb101-f64-node-wasm.ndjson | featurize'
    const outcome = await shell(`${cells} | ${line}`)
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toContain(message)
  })
})

describe('featurize --fusion', () => {
  it('takes the name of a runtime, and refuses an unknown name', async () => {
    const countOf = async (options: string): Promise<number> => {
      const { stdout } = await shell(`gen-model --zoo resnet18 | featurize ${options}`)
      return records(stdout)[0].kernels?.reduce((sum, { count }) => sum + count, 0) ?? 0
    }
    // Eight ReLUs, and the sums of the five shortcuts without a convolution.
    expect((await countOf('')) - (await countOf('--fusion tflite-gpu'))).toBe(13)
    const { code, stderr } = await shell('gen-model --zoo resnet18 | featurize --fusion tpu')
    expect(code).toBe(2)
    expect(stderr).toContain('--fusion takes one of tfjs, litert, tflite-gpu, or a file')
  })
})

describe('fusion-probe', () => {
  it('measures pairs of operators on a device, for featurize to use', async () => {
    const rules = join(directory, 'rules.json')
    const line = 'fusion-probe -q -d node --max-seconds 0.05 --pairs conv2d+relu'
    const { code, stderr } = await shell(`${line} > ${rules}`)
    const { pairs, ...about } = JSON.parse(readFileSync(rules, 'utf8')) as FusionFile
    expect(about).toEqual({
      format: 'leti-fusion',
      version: 1,
      device: 'node',
      runtime: 'tfjs',
      backend: 'wasm',
      alpha: 0.5,
    })
    // The times vary with the load of this machine; the result must follow from the times.
    expect(pairs.map(({ first, second }) => `${first}+${second}`)).toEqual(['conv2d+relu'])
    for (const { second, first_ms, second_ms, both_ms, fused } of pairs) {
      const saved = first_ms + second_ms - both_ms
      if (fused === null) expect(stderr).toContain(`conv2d+${second}: `)
      else expect(fused).toBe(saved > 0.5 * Math.min(first_ms, second_ms))
    }
    expect(code).toBe(pairs.some(({ fused }) => fused === null) ? 1 : 0)
    expect(await shell(`gen-model --zoo resnet18 | featurize --fusion ${rules}`)).toMatchObject({
      code: 0,
    })
  })

  it.each(['conv2d+conv2d', 'conv2d+relu+add', 'conv2d'])(
    'refuses %s, which is not a pair',
    async (name) => {
      const { code, stderr } = await shell(`fusion-probe -d node --pairs ${name}`)
      expect(code).toBe(2)
      expect(stderr).toContain(`unknown pair "${name}"`)
    },
  )
})

describe('the zoo of the fixtures', () => {
  it('is predicted from kernels and cells alone, more accurately than by MACs', async () => {
    const { code, stdout } = await shell('node scripts/bench/zoo.js')
    expect(code).toBe(0)
    const shares = (name: string): number[] => {
      const line = stdout.split('\n').find((text) => text.startsWith(name)) ?? ''
      return line.slice(name.length).trim().split(/ +/).map(parseFloat)
    }
    const [kernels, line, own] = shares('within 25%')
    expect(kernels).toBeGreaterThanOrEqual(90)
    expect(kernels).toBeGreaterThan(Math.max(line, own) + 20)
    expect(shares('median error')[0]).toBeLessThan(6)
  })
})
