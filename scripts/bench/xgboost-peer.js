// XGBoost from PyPI as a peer, where Python has it: $PYTHON, or python3.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { metricsOf } from '../../lib/predictors/dist/metrics.js'

const python = process.env.PYTHON ?? 'python3'

/** Whether Python finds it. */
export function isInstalled() {
  return spawnSync(python, ['-c', 'import xgboost'], { stdio: 'ignore' }).status === 0
}

/** Fits it to logarithms of latencies with the given settings, and tests it. */
export function judgeXgboost(train, test, options, trees, least_ms) {
  const names = Object.keys(train[0].features)
  const rowsOf = (samples) => samples.map(({ features }) => names.map((name) => features[name]))
  const input = JSON.stringify({
    train: rowsOf(train),
    test: rowsOf(test),
    targets: train.map(({ latency_ms }) => Math.log(latency_ms)),
    options,
    trees,
    least_ms,
  })
  const script = fileURLToPath(new URL('xgboost-peer.py', import.meta.url))
  const { status, stdout } = spawnSync(python, [script], {
    input,
    maxBuffer: 1e9,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${script} failed`)
  const { predicted, ...found } = JSON.parse(stdout)
  const measured = test.map(({ latency_ms }) => latency_ms)
  const { mape_percent: mape } = metricsOf(measured, Float64Array.from(predicted, Math.exp))
  return { mape, ...found }
}
