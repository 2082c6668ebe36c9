import { median } from '../linear-algebra.js'
import { metricsOf } from '../metrics.js'
import { HEAD, type PredictorFile } from '../predictor-file.js'
import type { TrainingSet } from '../training-records.js'
import { fitTables } from './fit.js'
import { TABLES, thinned, type TableParameters } from './model.js'
import type { ReferenceTable, Run } from './reference-table.js'

/**
 * Trains a predictor of a new device from a few measurements on it and tables of other devices. Its
 * metrics come from the devices of the tables, each predicted from the others in the same way.
 *
 * @param set measurements on the new device; features are not used
 * @throws {LetiError} `usage` if the tables and the new device have too few networks in common
 */
export function trainFromTables(set: TrainingSet, table: ReferenceTable): PredictorFile {
  const { samples, device, backend, conditions, environment, spaces } = set
  const latencies = latenciesOf(set)
  const logs = [...latencies].map(([id, latency]) => [id, Math.log(latency)] as const)
  const fresh: Run = {
    device,
    backend,
    threads: conditions.threads,
    hardware: [device],
    logs: new Map(logs),
  }
  const { networks, errors, measured, predicted, tested, outlier } = fitTables(fresh, table.runs)
  const parameters: TableParameters = {
    measured: Object.fromEntries([...latencies].filter(([id]) => id !== outlier)),
    networks,
    errors: thinned(errors),
  }
  const known = samples.map(({ latency_ms }) => latency_ms)
  return {
    ...HEAD,
    model: TABLES,
    target: 'log',
    device,
    ...(backend !== undefined && { backend }),
    ...conditions,
    environment,
    spaces: [...spaces],
    training: {
      count: latencies.size,
      ...(samples.length > latencies.size && { measurements: samples.length }),
      latency_ms: { min: Math.min(...known), max: Math.max(...known) },
      ...(outlier !== undefined && { left_out: outlier }),
    },
    cross_validation: { folds: tested, seed: 0, metrics: metricsOf(measured, predicted) },
    parameters,
  }
}

/** The latency of each network, ms; the median if it was measured several times. */
function latenciesOf({ samples }: TrainingSet): Map<string, number> {
  const byId = new Map<string, number[]>()
  for (const { id, latency_ms } of samples) byId.set(id, [...(byId.get(id) ?? []), latency_ms])
  return new Map([...byId].map(([id, latencies]) => [id, median(latencies)]))
}
