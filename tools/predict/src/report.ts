import { metricsOf, metricsTable, nameOf, type PredictorFile } from '@leti/predictors'
import { measuredLatency, type LetiRecord, type Prediction } from '@leti/records'

/** Compares predictions with measurements. It keeps two numbers per record. */
export class Report {
  private readonly measured: number[] = []
  private readonly predicted: number[] = []
  private ofOthers = 0
  private withInterval = 0
  private inside = 0

  constructor(private readonly predictor: PredictorFile) {}

  /** @throws {LetiError} `bad-input` if the statistic to compare with is absent or 0 */
  add(record: LetiRecord, prediction: Prediction): void {
    const latency = measuredLatency(record, this.predictor.statistic)
    if (latency === undefined) return
    this.measured.push(latency)
    this.predicted.push(prediction.latency_ms)
    this.judgeInterval(latency, prediction)
    const { device, backend } = this.predictor
    const { measurement } = record
    if (measurement?.device !== device || measurement.backend !== backend) this.ofOthers++
  }

  text(): string {
    const { model } = this.predictor
    const count = this.measured.length
    if (!count) return 'no record has both a measurement and a prediction: nothing to compare'
    const others = this.ofOthers ? `, ${this.ofOthers} of them on another device or backend` : ''
    const title = `${nameOf(this.predictor)}: ${count} measurements${others}`
    const table = metricsTable(title, [[model, metricsOf(this.measured, this.predicted)]])
    if (!this.withInterval) return table
    const share = ((100 * this.inside) / this.withInterval).toFixed(1)
    return `${table}\nin the interval: ${share}%`
  }

  private judgeInterval(latency: number, { low_ms, high_ms }: Prediction): void {
    if (low_ms === undefined || high_ms === undefined) return
    this.withInterval++
    if (latency >= low_ms && latency <= high_ms) this.inside++
  }
}
