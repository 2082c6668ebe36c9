/** Most numbers that are kept: 64 MB. */
const MOST = 16e6

/**
 * Outputs by the key of their model, so that the visits of a network share one reference. Once it is full, no more are
 * kept: the next pass comes to the first ones first.
 */
export class KnownOutputs {
  private readonly known = new Map<string, Float32Array>()
  private left = MOST

  get(key: string | undefined): Float32Array | undefined {
    return key === undefined ? undefined : this.known.get(key)
  }

  add(key: string | undefined, output: Float32Array): void {
    if (key === undefined || output.length > this.left) return
    this.left -= output.length
    this.known.set(key, output)
  }
}
