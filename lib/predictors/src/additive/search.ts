import type { Level } from './terms.js'

/** A setting of each level, a strength or a length; Infinity leaves the level out. */
export type Settings = Readonly<Record<Level, number>>

/**
 * Chooses a setting for each level by the loss that it leads to: level after level enters, always the
 * one that lowers the loss most, until none lowers it enough; then all are adjusted once more.
 *
 * @param grid the settings beside Infinity, neighbours side by side
 * @param gain the part of the loss that a level must take off to be worth its place
 */
export function searchLevels(
  start: Settings,
  levels: readonly Level[],
  grid: readonly number[],
  gain: number,
  lossOf: (settings: Settings) => number,
): Settings {
  let best = start
  let least = lossOf(best)
  for (;;) {
    const out = levels.filter((level) => best[level] === Infinity)
    if (!out.length) break
    const candidates = out.flatMap((level) =>
      grid.map((setting) => ({ ...best, [level]: setting })),
    )
    const losses = candidates.map(lossOf)
    const lowest = Math.min(...losses)
    if (!(lowest < least * (1 - gain))) break
    least = lowest
    best = candidates[losses.indexOf(lowest)]
  }
  for (const level of levels) {
    const at = grid.indexOf(best[level])
    if (at < 0) continue
    for (const setting of [grid[at - 1], grid[at + 1], Infinity]) {
      if (setting === undefined) continue
      const candidate = { ...best, [level]: setting }
      const loss = lossOf(candidate)
      // Without a level the loss may be a little greater: fewer parameters are worth it.
      const bound = setting === Infinity ? least * (1 + gain / 2) : least
      if (loss >= bound) continue
      least = Math.min(least, loss)
      best = candidate
    }
  }
  return best
}
