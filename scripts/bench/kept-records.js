// Measurements of cpu-latency.js, as the files in fixtures/measured keep them.
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'

/** The records of a file of NDJSON, compressed or not. */
export function readRecords(file) {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** Writes what is worth keeping of records that were measured, compressed. */
export function keepRecords(records, file) {
  const lines = records.map(({ id, arch, measurement }) => {
    const { device, target, runtime, backend, threads, batch, latency_ms, environment } =
      measurement
    const { median, mean, min, count } = latency_ms
    const rounded = Object.fromEntries(
      Object.entries({ median, mean, min }).map(([name, ms]) => [name, Number(ms.toPrecision(5))]),
    )
    const kept = { device, target, runtime, backend, threads, batch }
    const latency = { ...rounded, count }
    return JSON.stringify({ id, arch, measurement: { ...kept, latency_ms: latency, environment } })
  })
  writeFileSync(file, gzipSync(lines.map((line) => line + '\n').join(''), { level: 9 }))
}
