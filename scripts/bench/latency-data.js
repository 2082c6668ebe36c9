// Reads published measurements, and computes the features of their networks. The measurements are not
// part of this repository; a README lies beside them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { featurize } from '../../lib/features/dist/index.js'
import { DEFAULT_SETS } from '../../lib/features/dist/names.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'

const beside = fileURLToPath(new URL('../../../shared/latency', import.meta.url))

/** The folder of the measurements; `undefined` if it is not found. */
export const folder = [process.env.LETI_LATENCY, beside].find((path) => path && existsSync(path))

/** The names of the tables, such as `nb201-pixel3`. */
export function tables() {
  return readdirSync(folder)
    .filter((name) => /^(nb201|fbnet)-.*\.ndjson\.gz$/.test(name))
    .map((name) => name.replace('.ndjson.gz', ''))
}

const known = new Map()

/** The features of a record. Cached: several devices measured the same network. */
function featuresOf(record, sets) {
  const key = `${record.id} ${sets.join()}`
  if (!known.has(key)) known.set(key, featurize(networkOf(record), { sets }).features)
  return known.get(key)
}

/** The measured networks of a table as samples: `{ id, features, latency_ms }`. */
export async function samplesOf(table, sets = DEFAULT_SETS) {
  const records = await recordsOf(table)
  const samples = records.map((record) => sampleOf(record, sets))
  // Of cells without a path from the input this device runs nothing: its 0.003 ms are not a latency.
  return table === 'nb201-pixel3' ? samples.filter(runs) : samples
}

/**
 * By table, samples of the same random networks in the same order. Their features are the same objects.
 *
 * @param count number of networks
 */
export async function commonSamples(names, count) {
  const records = new Map()
  for (const name of names) {
    records.set(name, new Map((await recordsOf(name)).map((record) => [record.id, record])))
  }
  const [first, ...others] = records.values()
  const ids = [...first.keys()].filter((id) => others.every((other) => other.has(id)))
  const samplesOfIds = (some, byId) => some.map((id) => sampleOf(byId.get(id), DEFAULT_SETS))
  const drawn = samplesOfIds(shuffled(ids, 0).slice(0, 2 * count), first).filter(runs)
  const kept = drawn.slice(0, count).map(({ id }) => id)
  return new Map([...records].map(([name, byId]) => [name, samplesOfIds(kept, byId)]))
}

function recordsOf(table) {
  return readRecords(join(folder, `${table}.ndjson.gz`))
}

function sampleOf(record, sets) {
  return {
    id: record.id,
    features: featuresOf(record, sets),
    latency_ms: record.measurement.latency_ms.median,
  }
}

function runs({ features }) {
  return features.path_macs > 0
}
