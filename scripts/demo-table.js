// Prints a table of the measured and the predicted latencies of a file of records, fastest first.
import { readRecords } from './read-records.js'

const records = await readRecords(process.argv[2])
const rows = records
  .filter((record) => record.measurement)
  .map(({ id, measurement, prediction }) => {
    const [measured, predicted] = [measurement.latency_ms.min, prediction.latency_ms]
    return { id, measured, predicted, error: 100 * (predicted / measured - 1) }
  })
  .sort((a, b) => a.measured - b.measured)

console.log('cell              measured  predicted   error')
for (const { id, measured, predicted, error } of rows) {
  const columns = [
    id.slice(0, 14).padEnd(16),
    measured.toFixed(2).padStart(10),
    predicted.toFixed(2).padStart(11),
    `${error.toFixed(1)}%`.padStart(8),
  ]
  console.log(columns.join(''))
}
