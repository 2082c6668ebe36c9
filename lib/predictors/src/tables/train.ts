import { median } from '../linear-algebra.js'
import { metricsOf } from '../metrics.js'
import { HEAD, type PredictorFile } from '../predictor-file.js'
import type { TrainingSet } from '../training-records.js'
import { fitTables } from './fit.js'
import { TABLES, thinned, type TableParameters } from './model.js'
import type { ReferenceTable, Run } from './reference-table.js'

/**
 * A predictor of a new device from some networks that were measured on it, and tables of what those and
 * others take on other devices. Its metrics are those of the tables' own devices, each predicted in the
 * same way from the others.
 *
 * @param set the new device's measurements; no features are needed
 * @throws {LetiError} `usage` where the tables share too little with the new device
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
  const { networks, errors, measured, predicted, judged, wild } = fitTables(fresh, table.runs)
  const parameters: TableParameters = {
    measured: Object.fromEntries([...latencies].filter(([id]) => id !== wild)),
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
    spaces,
    training: {
      count: samples.length,
      latency_ms: { min: Math.min(...known), max: Math.max(...known) },
      ...(wild !== undefined && { left_out: wild }),
    },
    cross_validation: { folds: judged, seed: 0, metrics: metricsOf(measured, predicted) },
    parameters,
  }
}

/** Medians of what was measured several times. */
function latenciesOf({ samples }: TrainingSet): Map<string, number> {
  const byId = new Map<string, number[]>()
  for (const { id, latency_ms } of samples) byId.set(id, [...(byId.get(id) ?? []), latency_ms])
  return new Map([...byId].map(([id, latencies]) => [id, median(latencies)]))
}
