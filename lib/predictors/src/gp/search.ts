import type { Level } from '../additive/terms.js'

/** A value per level, such as a length scale; Infinity leaves the level out. */
export type Settings = Readonly<Record<Level, number>>

/** A level must lower the loss by this many standard errors of the difference. */
const MIN_GAIN = 0.5

interface Candidate {
  readonly settings: Settings
  /** The loss of each sample. */
  readonly losses: Float64Array
  readonly loss: number
}

/**
 * Chooses a setting for each level by forward selection: adds the level and setting that lower the mean
 * loss most, until no gain is significant. Then adjusts each level once.
 *
 * @param grid the candidate settings, sorted
 * @param lossesOf gives the loss of each sample under the settings
 */
export function searchLevels(
  start: Settings,
  levels: readonly Level[],
  grid: readonly number[],
  lossesOf: (settings: Settings) => Float64Array,
): Settings {
  const candidateOf = (settings: Settings): Candidate => {
    const losses = lossesOf(settings)
    return { settings, losses, loss: mean(losses) }
  }
  let best = candidateOf(start)
  for (;;) {
    const out = levels.filter((level) => best.settings[level] === Infinity)
    if (!out.length) break
    const candidates = out.flatMap((level) =>
      grid.map((setting) => candidateOf({ ...best.settings, [level]: setting })),
    )
    const next = candidates.reduce((a, b) => (b.loss < a.loss ? b : a))
    if (!(next.loss < best.loss - MIN_GAIN * standardError(best, next))) break
    best = next
  }
  for (const level of levels) best = adjusted(best, level, grid, candidateOf)
  return best.settings
}

/** Moves a level to a better neighbor in the grid, or leaves it out if that is hardly worse. */
function adjusted(
  best: Candidate,
  level: Level,
  grid: readonly number[],
  candidateOf: (settings: Settings) => Candidate,
): Candidate {
  const at = grid.indexOf(best.settings[level])
  if (at < 0) return best
  for (const setting of [grid[at - 1], grid[at + 1]]) {
    if (setting === undefined) continue
    const candidate = candidateOf({ ...best.settings, [level]: setting })
    if (candidate.loss < best.loss) best = candidate
  }
  const without = candidateOf({ ...best.settings, [level]: Infinity })
  return without.loss < best.loss + (MIN_GAIN / 2) * standardError(best, without) ? without : best
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The standard error of the difference between two mean losses over the same samples. */
function standardError(a: Candidate, b: Candidate): number {
  const shift = b.loss - a.loss
  const squares = a.losses.reduce((sum, loss, i) => sum + (b.losses[i] - loss - shift) ** 2, 0)
  return Math.sqrt(squares) / a.losses.length
}
