import { LetiError } from '@leti/records'

/**
 * How far an output may be from the reference, relative to the reference's largest magnitude. Half
 * precision on a deep network stays within a few thousandths; wrong answers are off by the whole.
 */
const TOLERANCE = 0.02

/**
 * Compares an output with the reference. Real phones are known to answer right once and wrong ever
 * after (LiteRT issue 8065), and a latency of a wrong answer is no latency.
 *
 * @param which the run that gave the output, for the message
 * @returns the largest difference, relative to the reference's largest magnitude
 * @throws {LetiError} `wrong-output`
 */
export function verifyOutput(
  output: readonly number[],
  reference: readonly number[],
  which: 'first' | 'last',
): number {
  if (output.length !== reference.length) {
    const lengths = `${output.length} elements, not ${reference.length}`
    throw new LetiError('wrong-output', `the output of the ${which} run has ${lengths}`)
  }
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  let error = 0
  for (const [index, value] of output.entries()) {
    if (!Number.isFinite(value)) {
      throw new LetiError('wrong-output', `the output of the ${which} run is not finite`)
    }
    error = Math.max(error, Math.abs(value - reference[index]) / (scale || 1))
  }
  // A reference that is not finite makes the error NaN, and is no proof of anything.
  if (!(error <= TOLERANCE)) {
    const percent = (100 * error).toPrecision(2)
    throw new LetiError(
      'wrong-output',
      `the output of the ${which} run is ${percent}% off the CPU reference`,
    )
  }
  return error
}
