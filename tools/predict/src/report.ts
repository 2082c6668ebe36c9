import { metricsOf, metricsTable, type PredictorFile } from '@leti/predictors'
import { measuredLatency, type LetiRecord, type Prediction } from '@leti/records'

/** How well the predictions agree with measurements; it keeps two numbers a record. */
export class Report {
  private readonly measured: number[] = []
  private readonly predicted: number[] = []
  private ofOthers = 0

  constructor(private readonly predictor: PredictorFile) {}

  /** @throws {LetiError} `bad-input` where the measurement is damaged */
  add(record: LetiRecord, prediction: Prediction): void {
    const latency = measuredLatency(record)
    if (latency === undefined) return
    this.measured.push(latency)
    this.predicted.push(prediction.latency_ms)
    const { device, backend } = this.predictor
    const { measurement } = record
    if (measurement?.device !== device || measurement.backend !== backend) this.ofOthers++
  }

  text(): string {
    const { device, backend, model } = this.predictor
    const count = this.measured.length
    if (!count) return 'no predicted record is measured too: nothing to compare with'
    const others = this.ofOthers ? `, ${this.ofOthers} of them on another device or backend` : ''
    const title = `${device}/${backend}: ${count} measurements${others}`
    return metricsTable(title, [[model, metricsOf(this.measured, this.predicted)]])
  }
}
