import type { LetiRecord, Prediction } from '@leti/records'
import type { PredictorFile } from './predictor-file.js'
import { ENVIRONMENT_SETTINGS, identityOf, settingsOf } from './settings.js'

/** What a predictor was trained on, as far as it tells machines and settings apart. */
export function trainedOn(file: PredictorFile): NonNullable<Prediction['trained_on']> {
  const { device, backend, runtime, threads, batch } = file
  const known = Object.entries(file.environment).filter(([name]) =>
    ENVIRONMENT_SETTINGS.includes(name),
  )
  const environment = Object.fromEntries(known) as Record<string, string | number | boolean>
  return {
    device,
    ...(backend !== undefined && { backend }),
    ...(runtime !== undefined && { runtime }),
    ...(threads !== undefined && { threads }),
    ...(batch !== undefined && { batch }),
    environment,
  }
}

/** Counts measurements of other machines or settings than the one that the predictor was trained on. */
export class OtherMachines {
  private readonly found = new Map<string, { count: number; first: string }>()

  /** A record without a `trained_on` is not judged, nor is a setting that one of the two does not state. */
  add({ id, measurement, prediction }: LetiRecord): void {
    const trained = prediction?.trained_on
    if (!measurement || !trained) return
    const known = new Map(settingsOf({ measurement: trained }).map((own) => [own.member, own]))
    for (const own of settingsOf({ measurement })) {
      const other = known.get(own.member)
      if (!other || identityOf(other) === identityOf(own)) continue
      const [value, expected] = [own, other].map((setting) => JSON.stringify(setting.value))
      const text = `${own.member} is ${value}, and ${expected} where the predictor was trained`
      const seen = this.found.get(text) ?? { count: 0, first: id }
      this.found.set(text, { ...seen, count: seen.count + 1 })
    }
  }

  /** One text for each setting and value that differs, for people. */
  list(): string[] {
    return [...this.found].map(
      ([text, { count, first }]) =>
        `${text}: ${count} ${count === 1 ? 'record' : 'records'} (first: ${first})`,
    )
  }
}
