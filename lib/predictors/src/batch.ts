import { LetiError, type LetiRecord } from '@leti/records'

/**
 * Refuses a network that runs at another batch than those of the training set: how latency grows
 * with the batch was not learned. A batch that one of the two does not state is not judged.
 *
 * @throws {LetiError} `out-of-domain`
 */
export function checkBatch(
  { batch: trained }: { readonly batch?: number },
  { arch, model, measurement }: LetiRecord,
): void {
  if (trained === undefined) return
  for (const [name, batch] of [
    ['arch.batch', arch?.batch],
    ['model.batch', model?.batch],
    ['measurement.batch', measurement?.batch],
  ] as const) {
    if (batch === undefined || batch === trained) continue
    const value = JSON.stringify(batch)
    const message = `"${name}" is ${value}: the predictor was trained on batch ${trained} only`
    throw new LetiError('out-of-domain', message)
  }
}
