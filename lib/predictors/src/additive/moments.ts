/** A regression: rows of standardized columns, and targets. */
export interface Problem {
  /** Row-major; the first column is 1. */
  readonly rows: Float64Array
  readonly width: number
  readonly targets: Float64Array
  /** The unit of each row's error; the target itself makes errors relative. */
  readonly units: Float64Array
}

/** Weighted moments of the rows: X'WX (lower triangle) and X'Wy. */
export interface Moments {
  readonly gram: Float64Array
  readonly projection: Float64Array
}

/** @param robust weight of each row */
export function momentsOf(problem: Problem, robust: Float64Array): Moments {
  const { width } = problem
  const moments = {
    gram: new Float64Array(width * width),
    projection: new Float64Array(width),
  }
  const all = Int32Array.from(problem.targets.keys())
  addRows(problem, all, sharesOf(problem, robust), moments)
  return moments
}

/** Of fewer rows, moments are computed anew: rounding errors do not add up. */
const MANY_ROWS = 1000

/**
 * The moments of a problem while the weights of its rows change. From one step of a robust regression to the next
 * only those of large errors do, a fifth of all: the moments are brought up to date with these rows alone.
 */
export class RunningMoments {
  private known: { readonly shares: Float64Array; readonly moments: Moments } | undefined

  constructor(private readonly problem: Problem) {}

  /**
   * @param robust weight of each row
   * @returns the moments, which the next call overwrites
   */
  at(robust: Float64Array): Moments {
    const { problem, known } = this
    if (!known || robust.length <= MANY_ROWS) {
      this.known = { shares: sharesOf(problem, robust), moments: momentsOf(problem, robust) }
      return this.known.moments
    }
    const shares = sharesOf(problem, robust)
    const changes = shares.map((share, row) => share - known.shares[row])
    const changed = Int32Array.from(changes.keys()).filter((row) => changes[row] !== 0)
    addRows(problem, changed, changes, known.moments)
    this.known = { shares, moments: known.moments }
    return known.moments
  }
}

function sharesOf({ units }: Problem, robust: Float64Array): Float64Array {
  return robust.map((weight, row) => weight / (units[row] * units[row] * units.length))
}

/** Adds the products of some rows to the moments, times the share of each row. */
function addRows(
  problem: Problem,
  some: Int32Array,
  shares: Float64Array,
  { gram, projection }: Moments,
): void {
  const { rows, width, targets } = problem
  const whole = some.length - (some.length % 4)
  for (let i = 0; i < whole; i += 4) addFour(problem, some.subarray(i, i + 4), shares, gram)
  for (const row of some.subarray(whole)) addRow(problem, row, shares, gram)
  for (const row of some) {
    for (let i = 0, at = row * width; i < width; i++, at++) {
      projection[i] += shares[row] * rows[at] * targets[row]
    }
  }
}

/** Four rows: where each starts, and its share. */
interface Four {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly p: number
  readonly q: number
  readonly r: number
  readonly s: number
}

/** Adds four rows to the lower triangle at once: each of its elements is read and written once for all four. */
function addFour(
  { rows, width }: Problem,
  four: Int32Array,
  shares: Float64Array,
  gram: Float64Array,
): void {
  const [a, b, c, d] = Array.from(four, (row) => row * width)
  const [p, q, r, s] = Array.from(four, (row) => shares[row])
  const own: Four = { a, b, c, d, p, q, r, s }
  const whole = width - (width % 4)
  for (let i = 0; i < whole; i += 4) {
    addTiles(rows, width, own, gram, i)
    for (let k = 0; k < 4; k++) addElements(rows, width, own, gram, i + k, i)
  }
  for (let i = whole; i < width; i++) addElements(rows, width, own, gram, i, 0)
}

/** Four rows of the gram up to the diagonal: what is read of the samples' rows serves all four. */
function addTiles(
  rows: Float64Array,
  width: number,
  { a, b, c, d, p, q, r, s }: Four,
  gram: Float64Array,
  i: number,
): void {
  const [j, k, l] = [i + 1, i + 2, i + 3]
  const [p0, q0, r0, s0] = [p * rows[a + i], q * rows[b + i], r * rows[c + i], s * rows[d + i]]
  const [p1, q1, r1, s1] = [p * rows[a + j], q * rows[b + j], r * rows[c + j], s * rows[d + j]]
  const [p2, q2, r2, s2] = [p * rows[a + k], q * rows[b + k], r * rows[c + k], s * rows[d + k]]
  const [p3, q3, r3, s3] = [p * rows[a + l], q * rows[b + l], r * rows[c + l], s * rows[d + l]]
  const [first, second, third, fourth] = [i * width, j * width, k * width, l * width]
  for (let m = 0; m < i; m++) {
    const w = rows[a + m]
    const x = rows[b + m]
    const y = rows[c + m]
    const z = rows[d + m]
    gram[first + m] = gram[first + m] + p0 * w + q0 * x + r0 * y + s0 * z
    gram[second + m] = gram[second + m] + p1 * w + q1 * x + r1 * y + s1 * z
    gram[third + m] = gram[third + m] + p2 * w + q2 * x + r2 * y + s2 * z
    gram[fourth + m] = gram[fourth + m] + p3 * w + q3 * x + r3 * y + s3 * z
  }
}

/** One row of the gram, from a column up to the diagonal. */
function addElements(
  rows: Float64Array,
  width: number,
  { a, b, c, d, p, q, r, s }: Four,
  gram: Float64Array,
  i: number,
  from: number,
): void {
  const [w, x, y, z] = [p * rows[a + i], q * rows[b + i], r * rows[c + i], s * rows[d + i]]
  for (let j = from, at = i * width + from; j <= i; j++, at++) {
    gram[at] = gram[at] + w * rows[a + j] + x * rows[b + j] + y * rows[c + j] + z * rows[d + j]
  }
}

function addRow(
  { rows, width }: Problem,
  row: number,
  shares: Float64Array,
  gram: Float64Array,
): void {
  const start = row * width
  for (let i = 0; i < width; i++) {
    const left = shares[row] * rows[start + i]
    for (let j = 0, at = i * width; j <= i; j++, at++) gram[at] += left * rows[start + j]
  }
}
