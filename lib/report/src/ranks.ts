import { spearman } from '@leti/measurements'
import type { RankRow, Row } from './data.js'
import { latenciesOf } from './points.js'

/** Fewer networks than this say nothing of ranks. */
const LEAST_NETWORKS = 3

/** Spearman's rho of each pair of devices that measured the same networks. */
export function ranksOf(rows: readonly Row[]): RankRow[] {
  const byDevice = latenciesOf(rows)
  const devices = [...byDevice.keys()]
  return devices.flatMap((a, i) =>
    devices.slice(i + 1).flatMap((b) => {
      const [x, y] = [byDevice.get(a), byDevice.get(b)]
      if (!x || !y) return []
      const shared = [...x.keys()].filter((id) => y.has(id))
      if (shared.length < LEAST_NETWORKS) return []
      const rho = spearman(
        shared.map((id) => x.get(id)?.latency ?? NaN),
        shared.map((id) => y.get(id)?.latency ?? NaN),
      )
      return Number.isFinite(rho) ? { a, b, rho, networks: shared.length } : []
    }),
  )
}
