import type { Constant } from '../constant.js'
import type { Value } from '../value.js'
import type { Activation, Layer, Terms } from './terms.js'

/**
 * What one step of a recurrent layer computes.
 *
 * @param fed the product of its inputs and the input weights, `[1, batch, gates * units]`
 * @param states before the step, each `[1, batch, units]`; the first is the output
 * @returns the states after the step
 */
export type Step = (of: Terms, fed: Value, states: readonly Value[]) => readonly Value[]

/** A step without gates. */
export function plainStep(recurrent: Layer, f: Activation): Step {
  return (of, fed, [before]) => {
    const sum = of.sum('sum', fed, of.dense('recurrent', before, recurrent))
    return [of.activated('output', f, sum)]
  }
}

/**
 * A long short-term memory (Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997). The columns of its
 * gates: input, output, forget, candidate. Its states: output, memory.
 */
export function lstmStep(recurrent: Layer, units: number, [f, g, h]: readonly Activation[]): Step {
  return (of, fed, [before, memory]) => {
    const sum = of.sum('sum', fed, of.dense('recurrent', before, recurrent))
    const gates = of.activated('gates', f, of.columns('gates/sum', sum, 0, 3 * units))
    const last = of.columns('candidate/sum', sum, 3 * units, units)
    const candidate = of.activated('candidate', g, last)
    const kept = of.product('kept', of.columns('forget', gates, 2 * units, units), memory)
    const added = of.product('added', of.columns('take', gates, 0, units), candidate)
    const next = of.sum('memory', kept, added)
    const squashed = of.activated('squashed', h, next)
    return [of.product('output', of.columns('show', gates, units, units), squashed), next]
  }
}

/**
 * The same, where the gates see the memory through peepholes (Gers and Schmidhuber, "Recurrent Nets that Time and
 * Count", 2000).
 *
 * @param peepholes weights `[1, 1, units]` of the gates, in the order of their columns
 */
export function peepholeStep(
  recurrent: Layer,
  units: number,
  [f, g, h]: readonly Activation[],
  peepholes: readonly Constant[],
): Step {
  return (of, fed, [before, memory]) => {
    const sum = of.sum('sum', fed, of.dense('recurrent', before, recurrent))
    const gate = (name: string, at: number, seen: Value): Value => {
      const own = of.columns(`${name}/columns`, sum, at * units, units)
      const peeped = of.product(`${name}/peephole`, seen, peepholes[at])
      return of.activated(name, f, of.sum(`${name}/sum`, own, peeped))
    }
    const last = of.columns('candidate/sum', sum, 3 * units, units)
    const candidate = of.activated('candidate', g, last)
    const kept = of.product('kept', gate('forget', 2, memory), memory)
    const added = of.product('added', gate('take', 0, memory), candidate)
    const next = of.sum('memory', kept, added)
    const squashed = of.activated('squashed', h, next)
    return [of.product('output', gate('show', 1, next), squashed), next]
  }
}

/**
 * A gated recurrent unit (Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014). The
 * columns of its gates: update, reset, candidate.
 *
 * @param recurrent one layer for all gates if the reset follows the product; otherwise one for the first two
 *   gates, and one for the candidate
 */
export function gruStep(
  recurrent: readonly Layer[],
  units: number,
  [f, g]: readonly Activation[],
): Step {
  const [gating, ofCandidate] = recurrent
  return (of, fed, [before]) => {
    const product = of.dense('recurrent', before, gating)
    const own = ofCandidate ? product : of.columns('recurrent/gates', product, 0, 2 * units)
    const sum = of.sum('gates/sum', of.columns('input/gates', fed, 0, 2 * units), own)
    const gates = of.activated('gates', f, sum)
    const update = of.columns('update', gates, 0, units)
    const reset = of.columns('reset', gates, units, units)
    const history = ofCandidate
      ? of.dense('history', of.product('history/reset', reset, before), ofCandidate)
      : of.product('history', reset, of.columns('recurrent/candidate', product, 2 * units, units))
    const last = of.columns('input/candidate', fed, 2 * units, units)
    const candidate = of.activated('candidate', g, of.sum('candidate/sum', last, history))
    // (1 - update) * candidate + update * before
    const back = of.product('back', update, of.difference('change', before, candidate))
    return [of.sum('output', candidate, back)]
  }
}
