/** A step grows while the slope keeps its sign, and is halved when the sign changes. */
const FIRST_STEP = 0.2
const LARGEST_STEP = 0.6
const FASTER = 1.2
const SLOWER = 0.5

/**
 * Climbs to a maximum in a fixed number of steps (Rprop; Riedmiller and Braun, 1993): only the signs of the
 * slope count, so that the scale of the objective is of no importance.
 *
 * @param slopeOf the gradient of the objective
 */
export function climb(
  start: Float64Array,
  steps: number,
  slopeOf: (at: Float64Array) => Float64Array,
): Float64Array {
  const current = Float64Array.from(start)
  const sizes = new Float64Array(start.length).fill(FIRST_STEP)
  let before = new Float64Array(start.length)
  for (let step = 0; step < steps; step++) {
    const slope = Float64Array.from(slopeOf(current))
    for (let i = 0; i < slope.length; i++) {
      const sign = Math.sign(slope[i]) * Math.sign(before[i])
      if (sign > 0) sizes[i] = Math.min(LARGEST_STEP, FASTER * sizes[i])
      if (sign < 0) sizes[i] *= SLOWER
      current[i] += Math.sign(slope[i]) * sizes[i]
    }
    before = slope
  }
  return current
}
