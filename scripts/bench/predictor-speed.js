// Measures the cost of each kind of predictor in its own process: time to train on 900 networks, networks
// predicted per second, and memory. Compares gbdt with ml-xgboost (XGBoost in WebAssembly) of as many trees, and
// with xgboost from PyPI where $PYTHON, or python3, has it.
//
//   node scripts/bench/predictor-speed.js [--device nb201-adreno612_int8] [--n 900] [--models gbdt,..]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DEFAULT_SETS } from '../../lib/features/dist/names.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { metricsOf } from '../../lib/predictors/dist/metrics.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { folder, samplesOf } from './latency-data.js'
import { isInstalled, judgeXgboost } from './xgboost-peer.js'

/** Networks of the test; they are predicted again and again for at least `LEAST_MS`. */
const TEST = 1000
const LEAST_MS = 500

const PEER = 'ml-xgboost'
/** The settings of gbdt, as far as the peer has them. */
const PEER_OPTIONS = {
  booster: 'gbtree',
  objective: 'reg:linear',
  max_depth: 4,
  eta: 0.05,
  min_child_weight: 4,
  subsample: 0.7,
  colsample_bytree: 0.5,
  silent: 1,
  iterations: 600,
}

const NATIVE = 'xgboost'
/** The same settings; the bins of gbdt too. The library takes all cores unless told otherwise. */
const NATIVE_OPTIONS = {
  eta: 0.05,
  tree_method: 'hist',
  grow_policy: 'lossguide',
  max_leaves: 12,
  max_depth: 0,
  max_bin: 64,
  min_child_weight: 4,
  subsample: 0.7,
  colsample_bytree: 0.5,
  nthread: 1,
}

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'nb201-adreno612_int8' },
    models: {
      type: 'string',
      default: `flops,linear,ridge,lut,additive,gp,gbdt,${PEER},${NATIVE},auto,mlp,gcn`,
    },
    n: { type: 'string', default: '900' },
    child: { type: 'string' },
    samples: { type: 'string' },
  },
})

if (values.child) console.log(JSON.stringify(await judge(values.child)))
else if (folder) await bench()
else
  console.log('predictor-speed: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')

async function bench() {
  const kinds = values.models.split(',')
  const sets = kinds.includes('gcn') ? [...DEFAULT_SETS, 'graph'] : DEFAULT_SETS
  const samples = shuffled(await samplesOf(values.device, sets), 0).slice(
    0,
    Number(values.n) + TEST,
  )
  const place = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  const file = join(place, 'samples.json')
  writeFileSync(file, JSON.stringify(samples))
  const run = (kind) =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [fileURLToPath(import.meta.url), '--child', kind, '--samples', file, '--n', values.n],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      ),
    )
  const { peak_mib: idle } = run('none')
  console.log(
    `${values.device}, ${values.n} networks for training; the samples alone take ${idle} MiB`,
  )
  console.log('            MAPE        fit   networks/s predicted   MiB beside the samples')
  for (const kind of kinds) {
    if (kind === NATIVE && !isInstalled()) {
      console.log(`${NATIVE}: absent (pip install xgboost; $PYTHON names the Python that has it)`)
      continue
    }
    const { mape, fit_ms, rate, peak_mib } = run(kind)
    // Another program does not hold the samples.
    const memory = peak_mib === undefined ? '' : `${Math.max(0, peak_mib - idle)}`
    console.log(
      `${kind.padEnd(10)}${`${mape.toFixed(2)}%`.padStart(7)}${`${(fit_ms / 1000).toFixed(2)} s`.padStart(11)}` +
        `${Math.round(rate).toLocaleString('en').padStart(23)}${memory.padStart(25)}`,
    )
  }
  rmSync(place, { recursive: true })
}

async function judge(kind) {
  const samples = JSON.parse(readFileSync(values.samples, 'utf8'))
  if (kind !== 'gcn') samples.forEach(dropGraph)
  const [train, test] = [samples.slice(0, Number(values.n)), samples.slice(Number(values.n))]
  if (kind === NATIVE)
    return judgeXgboost(train, test, NATIVE_OPTIONS, PEER_OPTIONS.iterations, LEAST_MS)
  const found = kind === 'none' ? {} : await timed(kind, train, test)
  return { ...found, peak_mib: Math.round(process.resourceUsage().maxRSS / 1024) }
}

/** Removes the features of edges, which only gcn reads. */
function dropGraph(sample) {
  const features = Object.entries(sample.features).filter(([name]) => !name.startsWith('graph_'))
  sample.features = Object.fromEntries(features)
}

async function timed(kind, train, test) {
  const fit =
    kind === PEER
      ? await peer()
      : (some) => PREDICTOR_KINDS[kind].fit(some, { latencyScale: 'linear', seed: 0 })
  const start = performance.now()
  const model = await fit(train)
  const fit_ms = performance.now() - start
  const estimates = () =>
    model.estimates?.(test) ?? test.map(({ features }) => model.estimate(features))
  const predicted = estimates()
  const measured = test.map(({ latency_ms }) => latency_ms)
  const { mape_percent: mape } = metricsOf(measured, Float64Array.from(predicted))
  const before = performance.now()
  let rounds = 0
  while (performance.now() - before < LEAST_MS) {
    estimates()
    rounds++
  }
  return { mape, fit_ms, rate: (1000 * rounds * test.length) / (performance.now() - before) }
}

async function peer() {
  const { default: loading } = await import('ml-xgboost')
  const XGBoost = await loading
  const rowsOf = (samples, names) =>
    samples.map(({ features }) => names.map((name) => features[name]))
  return (samples) => {
    const names = Object.keys(samples[0].features)
    const model = new XGBoost(PEER_OPTIONS)
    model.train(
      rowsOf(samples, names),
      samples.map(({ latency_ms }) => Math.log(latency_ms)),
    )
    return { estimates: (of) => model.predict(rowsOf(of, names)).map(Math.exp) }
  }
}
