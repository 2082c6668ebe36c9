import type { Point } from './judge.js'

/** A training network, as a predictor saw it that did not know it: its predicted latency, and its value. */
export interface Tried extends Point {
  /** Its measured latency as a multiple of its upper bound. */
  readonly excess: number
}

/** What the training networks nearest to a latency say of the bounds there. */
interface Step {
  /** The least predicted latency, ms. */
  readonly from_ms: number
  /** How many of them took longer than their bound. */
  readonly broken: number
  /** By what bounds are multiplied. */
  readonly factor: number
}

/** How many training networks stand for what is proposed. */
const ALIKE = 20

/** Bounds are raised if so many exceeded ones have no more than this probability. */
const CHANCE = 0.1

/**
 * How much upper bounds must be raised for a search. An interval holds for networks at random, but a search proposes the
 * best within a budget: those that the predictor flatters most (the winner's curse). The training networks that
 * a search would have proposed show by how much: those that few others beat in both predicted latency and objective.
 * If more of them exceed their bounds than the risk explains, all bounds are raised by as much as
 * the worst of them exceeded its own.
 *
 * A hundred networks cannot prove more: conformal selection (Jin and Candes, "Selection by Prediction with
 * Conformal p-values", JMLR 2023) needs more measurements than the networks that it selects are rare among all.
 */
export class BoundRaise {
  /** By ascending latency. */
  private readonly steps: readonly Step[]
  /** How many training networks each step looks at. */
  readonly alike: number

  /** @param risk the share of networks that may exceed their bounds */
  constructor(tried: readonly Tried[], risk: number) {
    this.alike = Math.min(ALIKE, tried.length)
    const best = mostFlattered(tried, this.alike).sort((a, b) => a.latency_ms - b.latency_ms)
    this.steps = stepsOf(best, this.alike, risk)
  }

  /** By what the upper bound of a prediction is to be multiplied: 1 or more. */
  factorAt(latency_ms: number): number {
    return this.steps.findLast(({ from_ms }) => from_ms <= latency_ms)?.factor ?? 1
  }

  /** The step with the largest factor; `undefined` if no bound is raised. */
  get largest(): Step | undefined {
    const raised = this.steps.filter(({ factor }) => factor > 1)
    return raised.toSorted((a, b) => b.factor - a.factor).at(0)
  }
}

/** At least `count` networks: those that the fewest others beat, and all that as few beat. */
function mostFlattered(tried: readonly Tried[], count: number): Tried[] {
  const beaten = tried.map((one) => tried.filter((other) => beats(other, one)).length)
  const most = beaten.toSorted((a, b) => a - b)[count - 1]
  return tried.filter((_, i) => beaten[i] <= most)
}

/** Also if they are equal: then a search may propose either. */
function beats(other: Tried, one: Tried): boolean {
  return other !== one && other.latency_ms <= one.latency_ms && other.value >= one.value
}

/** For each group of `count` neighbors in predicted latency, from which latency on they are the nearest ones. */
function stepsOf(sorted: readonly Tried[], count: number, risk: number): Step[] {
  const steps: Step[] = []
  for (let first = 0; count > 0 && first + count <= sorted.length; first++) {
    const group = sorted.slice(first, first + count).map(({ excess }) => excess)
    const broken = group.filter((excess) => excess > 1).length
    const factor = atLeast(broken, count, risk) <= CHANCE ? Math.max(1, ...group) : 1
    if (factor === (steps.at(-1)?.factor ?? 1)) continue
    // From the middle of the scale on, the one that joins is nearer than the one that leaves.
    const from_ms = first
      ? Math.sqrt(sorted[first - 1].latency_ms * sorted[first + count - 1].latency_ms)
      : 0
    steps.push({ from_ms, broken, factor })
  }
  return steps
}

/** The probability of at least `successes` in so many trials. */
function atLeast(successes: number, trials: number, probability: number): number {
  let term = (1 - probability) ** trials
  let below = 0
  for (let i = 0; i < successes; i++) {
    below += term
    term *= ((trials - i) / (i + 1)) * (probability / (1 - probability))
  }
  return 1 - below
}
