import { Front, hypervolume } from '../../lib/search/dist/index.js'

/**
 * The share of a front's hypervolume that a search finds, for each seed. The reference point is the budget and the value of the
 * front's fastest network.
 *
 * @param search such as `evolution` @param judge its judge @param whole the true front
 */
export async function frontShares(search, { space, judge, whole, budget_ms, seeds, evaluations }) {
  const worst = { latency_ms: budget_ms, value: whole.points[0].value }
  const shares = []
  for (let seed = 0; seed < seeds; seed++) {
    const front = new Front()
    for await (const point of search(space, judge, { seed, evaluations, budget_ms }))
      front.add(point)
    shares.push(hypervolume(front.points, worst) / hypervolume(whole.points, worst))
  }
  return shares
}
