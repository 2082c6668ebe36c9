import type { Level } from './terms.js'

/** A setting of each level, a strength or a length; Infinity leaves the level out. */
export type Settings = Readonly<Record<Level, number>>

/** A level must lower the loss by this many standard errors of the difference to enter. */
const DOUBT = 0.5

interface Candidate {
  readonly settings: Settings
  /** Of each sample. */
  readonly losses: Float64Array
  readonly loss: number
}

/**
 * Chooses a setting for each level by the losses that it leads to: level after level enters, always the
 * one that lowers the mean most, until none lowers it by more than chance would; then all are adjusted
 * once more.
 *
 * @param grid the settings beside Infinity, neighbours side by side
 * @param lossesOf the loss of each sample under some settings
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
    if (!(next.loss < best.loss - DOUBT * standardError(best, next))) break
    best = next
  }
  for (const level of levels) best = adjusted(best, level, grid, candidateOf)
  return best.settings
}

/** The neighbouring setting where it is better, or none where that is hardly worse: simpler wins. */
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
  return without.loss < best.loss + (DOUBT / 2) * standardError(best, without) ? without : best
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of the difference between two mean losses over the same samples. */
function standardError(a: Candidate, b: Candidate): number {
  const shift = b.loss - a.loss
  const squares = a.losses.reduce((sum, loss, i) => sum + (b.losses[i] - loss - shift) ** 2, 0)
  return Math.sqrt(squares) / a.losses.length
}
