import { LetiError } from '@leti/records'

/**
 * Largest difference between an output and the reference, relative to the reference's largest
 * magnitude. A deep network in half precision stays within a few thousandths; a wrong output differs by
 * about as much as its values.
 */
const TOLERANCE = 0.02

/**
 * Compares an output with the reference. The latency of a wrong output means nothing, and real phones
 * are known to compute the first run right and all later ones wrong (LiteRT issue 8065).
 *
 * @param which the run that gave the output, for the error message
 * @returns the largest difference, relative to the reference's largest magnitude
 * @throws {LetiError} `wrong-output`
 */
export function verifyOutput(
  output: readonly number[],
  reference: readonly number[] | Float32Array,
  which: 'first' | 'last',
): number {
  if (output.length !== reference.length) {
    const lengths = `${output.length} elements; the CPU reference has ${reference.length}`
    throw new LetiError('wrong-output', `the output of the ${which} run has ${lengths}`)
  }
  let scale = 0
  for (const value of reference) scale = Math.max(scale, Math.abs(value))
  let error = 0
  for (const [index, value] of output.entries()) {
    if (!Number.isFinite(value)) {
      throw new LetiError(
        'wrong-output',
        `the output of the ${which} run has elements that are not finite`,
      )
    }
    error = Math.max(error, Math.abs(value - reference[index]) / (scale || 1))
  }
  // If the reference is not finite, the error is NaN, which must not pass.
  if (!(error <= TOLERANCE)) {
    const percent = (100 * error).toPrecision(2)
    throw new LetiError(
      'wrong-output',
      `the output of the ${which} run is ${percent}% off the CPU reference`,
    )
  }
  return error
}
