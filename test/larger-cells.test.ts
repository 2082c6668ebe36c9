import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { featurize } from '../lib/features/src/index.js'
import { DEFAULT_SETS } from '../lib/features/src/names.js'
import type { PredictorKindName } from '../lib/predictors/src/names.js'
import type { PredictorFile } from '../lib/predictors/src/predictor-file.js'
import { loadPredictor } from '../lib/predictors/src/predictor.js'
import { trainPredictor } from '../lib/predictors/src/train.js'
import { TrainingRecords } from '../lib/predictors/src/training-records.js'
import type { LetiRecord } from '../lib/records/src/index.js'
import { networkOf } from '../lib/spaces/src/index.js'

// Predictors of small cells know where their knowledge ends: cells of at most 5 vertices, then of 7.

const FILE = new URL('../fixtures/measured/nb101-vertices-node-cpu.ndjson.gz', import.meta.url)

const options = { sets: DEFAULT_SETS, kernels: true }

const cells = gunzipSync(readFileSync(FILE))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as LetiRecord)
  .map((record) => ({ ...record, ...featurize(networkOf(record), options) }))

function verticesOf({ arch }: LetiRecord): number {
  return (arch?.module_operations as unknown[]).length
}

const small = cells.filter((cell) => verticesOf(cell) <= 5)
const large = cells.filter((cell) => verticesOf(cell) === 7)

async function fileOf(model: PredictorKindName): Promise<PredictorFile> {
  const records = new TrainingRecords({}, 'median', model === 'kernels' ? 'kernels' : 'features')
  for (const cell of small) records.add(cell)
  return trainPredictor(records.training(), { model, latencyScale: 'linear', folds: 5, seed: 0 })
}

/** The numbers of larger cells that are predicted, and of those that are outside of their intervals. */
function judged(file: PredictorFile): { predicted: number; outside: number } {
  const predictor = loadPredictor(JSON.stringify(file))
  let [predicted, outside] = [0, 0]
  for (const cell of large) {
    try {
      const { low_ms = NaN, high_ms = NaN } = predictor.predict(cell)
      const measured = cell.measurement?.latency_ms.median ?? NaN
      predicted++
      if (!(low_ms <= measured && measured <= high_ms)) outside++
    } catch (error) {
      expect(error).toMatchObject({ code: 'out-of-domain' })
    }
  }
  return { predicted, outside }
}

it.each(['flops', 'ridge', 'lut', 'additive', 'gp', 'auto', 'kernels'] as const)(
  '%s: intervals hold for larger cells',
  async (model) => {
    const { predicted, outside } = judged(await fileOf(model))
    expect(predicted).toBeGreaterThan(0.9 * large.length)
    expect(outside).toBeLessThanOrEqual(0.15 * predicted)
  },
)

it('trees, which would be wrong about larger cells, refuse them or widen their intervals', async () => {
  const { domain, ...rest } = await fileOf('gbdt')
  const { predicted, outside } = judged({ domain, ...rest })
  expect(outside).toBeLessThanOrEqual(0.15 * predicted)
  const without = judged(rest)
  expect(without.outside).toBeGreaterThan(0.15 * without.predicted)
})
