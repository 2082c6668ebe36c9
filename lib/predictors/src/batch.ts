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
  checkOne(trained, 'arch.batch', arch?.batch)
  checkOne(trained, 'model.batch', model?.batch)
  checkOne(trained, 'measurement.batch', measurement?.batch)
}

function checkOne(trained: number, name: string, batch: unknown): void {
  if (batch === undefined || batch === trained) return
  const value = JSON.stringify(batch)
  const message = `"${name}" is ${value}: the predictor was trained on batch ${trained} only`
  throw new LetiError('out-of-domain', message)
}
