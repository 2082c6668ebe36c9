// Writes the measurements of cpu-latency.js in the form of the files in fixtures/measured.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** Writes measured records, compressed, without the members that the benches do not read. */
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
