// Measures whether 90% intervals hold after training on few networks of a new device. Each published table
// in turn is the new device; its training sets are random draws. `transfer` builds on predictors of three
// other devices, trained on 900 networks each: three GPUs, or a phone's CPU, a GPU and a server's CPU.
//
//   node scripts/bench/intervals.js [--devices nb201-pixel3,..] [--models transfer,lut,..]
//       [--n 10,20,50] [--draws 20]
//
// Each row shows a quantile of the errors, as split conformal prediction takes it, and LETI's interval.
import { parseArgs } from 'node:util'
import { conformalOf, reachOf } from '../../lib/predictors/dist/conformal.js'
import { crossValidate } from '../../lib/predictors/dist/cross-validate.js'
import { foldsOf } from '../../lib/predictors/dist/folds.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { median } from '../../lib/predictors/dist/linear-algebra.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { commonSamples, folder, tables } from './latency-data.js'

const { values } = parseArgs({
  options: {
    devices: { type: 'string' },
    models: { type: 'string', default: 'transfer,flops,lut' },
    n: { type: 'string', default: '10,20,50' },
    draws: { type: 'string', default: '20' },
  },
})
const COUNTS = values.n.split(',').map(Number)

/** The first three that are not the new device are the references; FBNet has only two others. */
const REFERENCES = {
  nb201: {
    GPUs: ['adreno506_int8', 'adreno612_int8', 'jetson_nano_fp16', '1080ti_1'],
    mixed: ['pixel3', '1080ti_32', 'silver_4114', 'hexagon685_int8'],
  },
  fbnet: { mixed: ['1080ti_1', 'samsung_a50', 'silver_4114'] },
}
const TRAINED_ON = 900
const TEST = 1000
const COVERAGE = 0.9
const LEAST = 0.85
const OPTIONS = { latencyScale: 'linear', seed: 0 }

if (!folder) {
  console.log('intervals: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
} else {
  const wanted = values.devices?.split(',') ?? tables()
  console.log(
    `part of the draws whose 90% intervals hold ${100 * LEAST}% or more; least and median`,
  )
  console.log('coverage; median half-width, and its ratio to that of exactly 90%: quantile | LETI')
  for (const space of Object.keys(REFERENCES)) await benchSpace(space, wanted)
}

async function benchSpace(space, wanted) {
  const own = tables().filter((table) => table.startsWith(`${space}-`))
  const devices = own.filter((table) => wanted.includes(table))
  if (!devices.length) return
  const samples = await commonSamples(own, TRAINED_ON + Math.max(...COUNTS) + TEST)
  const trained = new Map()
  for (const device of devices) {
    for (const kind of values.models.split(',')) {
      const sets = kind === 'transfer' ? REFERENCES[space] : { none: [] }
      for (const [name, names] of Object.entries(sets)) {
        const others = names.map((other) => `${space}-${other}`).filter((other) => other !== device)
        const references = []
        for (const other of others.slice(0, 3)) {
          if (!trained.has(other)) trained.set(other, await referenceOf(other, samples))
          references.push(trained.get(other))
        }
        const rows = await judge(kind, samples.get(device).slice(TRAINED_ON), references)
        rows.forEach((row, i) => {
          console.log(`${device.padEnd(22)} ${kind} ${name}, n = ${COUNTS[i]}`.padEnd(48), row)
        })
      }
    }
  }
}

/** A predictor of another device. Its predictions are computed once. */
async function referenceOf(device, samples) {
  const own = samples.get(device)
  const model = await PREDICTOR_KINDS.additive.fit(own.slice(0, TRAINED_ON), OPTIONS)
  const known = new Map(own.map(({ features }) => [features, model.estimate(features)]))
  return { name: device, model: { estimate: (features) => known.get(features) }, saved: {} }
}

async function judge(kind, samples, references) {
  const rows = []
  for (const count of COUNTS) {
    const draws = []
    for (let draw = 0; draw < Number(values.draws); draw++) {
      const order = shuffled(samples, draw)
      const options = { ...OPTIONS, seed: draw, references }
      draws.push(await judgeDraw(kind, order.slice(0, count), order.slice(-TEST), options))
    }
    rows.push(['quantile', 'leti'].map((way) => summary(draws.map((one) => one[way]))).join(' | '))
  }
  return rows
}

async function judgeDraw(kindName, training, test, options) {
  const kind = PREDICTOR_KINDS[kindName]
  const folds = foldsOf(training, 10, options.seed)
  const { fitted, validation } = kind.fitAndValidate
    ? await kind.fitAndValidate(training, folds, options)
    : {
        fitted: await kind.fit(training, options),
        validation: await crossValidate(kind, training, folds, options),
      }
  const measured = training.map(({ latency_ms }) => latency_ms)
  const conformal = conformalOf(measured, validation)
  const [{ errors }] = conformal.bins
  const fresh = test.map(({ features, latency_ms }) => ({
    error: Math.abs(latency_ms / fitted.estimate(features) - 1),
    uncertainty: fitted.uncertainty?.(features) ?? 1,
  }))
  const sorted = fresh.map(({ error, uncertainty }) => error / uncertainty).sort((a, b) => a - b)
  const ideal = sorted[Math.floor(COVERAGE * sorted.length)]
  const usual = median(fresh.map(({ uncertainty }) => uncertainty))
  const result = (reach) => ({
    coverage: sorted.filter((error) => error <= reach).length / sorted.length,
    reach: usual * reach,
    ratio: reach / ideal,
  })
  return {
    quantile: result(errors[Math.ceil((errors.length + 1) * COVERAGE) - 1] ?? Infinity),
    leti: result(reachOf(conformal, median(measured), COVERAGE)?.below ?? Infinity),
  }
}

function summary(draws) {
  const coverages = draws.map(({ coverage }) => coverage)
  const share = coverages.filter((coverage) => coverage >= LEAST).length / coverages.length
  const of = (name) => median(draws.map((draw) => draw[name]))
  const percent = (part) => (100 * part).toFixed(0).padStart(3)
  return [
    `${percent(share)}%  ${percent(Math.min(...coverages))} ${percent(median(coverages))}`,
    `${(100 * of('reach')).toFixed(1).padStart(5)}% ${of('ratio').toFixed(2)}`,
  ].join('  ')
}
