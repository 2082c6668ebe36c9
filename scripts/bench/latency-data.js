// Published measurements (see the README beside them), featurized; none of them are in this repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { featurizeArch, DEFAULT_SETS } from '../../lib/features/dist/index.js'

const beside = fileURLToPath(new URL('../../../shared/latency', import.meta.url))

/** The folder of the measurements, or undefined where there is none. */
export const folder = [process.env.LETI_LATENCY, beside].find((path) => path && existsSync(path))

/** The names of the tables, such as `nb201-pixel3`. */
export function tables() {
  return readdirSync(folder)
    .filter((name) => /^(nb201|fbnet)-.*\.ndjson\.gz$/.test(name))
    .map((name) => name.replace('.ndjson.gz', ''))
}

const known = new Map()

/** The features of a record: what several devices measured is featurized once. */
function featuresOf(record, sets) {
  const key = `${record.id} ${sets.join()}`
  if (!known.has(key)) known.set(key, featurizeArch(record, { sets }).features)
  return known.get(key)
}

/** The measured networks of a table as samples: `{ id, features, latency_ms }`. */
export function samplesOf(table, sets = DEFAULT_SETS) {
  const lines = gunzipSync(readFileSync(join(folder, `${table}.ndjson.gz`))).toString()
  const samples = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((record) => ({
      id: record.id,
      features: featuresOf(record, sets),
      latency_ms: record.measurement.latency_ms.median,
    }))
  // Cells that cut the input off run nothing where graphs are pruned: 0.003 ms, no latency to predict.
  return table === 'nb201-pixel3' ? samples.filter((s) => s.features.path_macs > 0) : samples
}
