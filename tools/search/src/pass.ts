import type { Io } from '@leti/pipe'
import type { NetworkPredictor } from '@leti/predictors'
import { candidatesOf, methodOf } from './candidates.js'
import { Judging } from './judging.js'
import { boundRaise } from './bound-raise.js'
import type { Known } from './measuring/known.js'
import type { Objective } from './objectives/objective.js'
import type { SearchOptions } from './options.js'
import { Proposals } from './proposals.js'

/** What one walk through the space has found. */
export interface Pass {
  readonly judging: Judging
  readonly proposals: Proposals
  /** Whether it came to its end. */
  readonly isWhole: boolean
  /** Whether it has looked at all networks. */
  readonly isAll: boolean
}

/** @param known what was measured; absent if nothing is */
export async function pass(
  options: SearchOptions,
  networks: NetworkPredictor,
  objective: Objective,
  io: Io,
  known?: Known,
): Promise<Pass> {
  const raise = await boundRaise(networks.predictor, objective, options.risk, io)
  const judging = new Judging(networks, objective, raise, options, io, known)
  const proposals = new Proposals(objective.name, options)
  try {
    const found = await candidatesOf(options, objective.isSlow, judging, io)
    for await (const judged of found) {
      proposals.add(judged)
      if (io.signal.aborted) break
    }
    const isWhole = !io.signal.aborted
    const isAll = isWhole && methodOf(options, objective.isSlow) === 'exhaustive'
    return { judging, proposals, isWhole, isAll }
  } catch (error) {
    // What was found is not lost if the objective fails.
    io.caught(`after ${judging.count} networks`, error)
    return { judging, proposals, isWhole: false, isAll: false }
  }
}
