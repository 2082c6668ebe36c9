import type { OnnxNode } from '../read/node.js'
import type { OnnxGraph } from '../read/parse.js'

/** Operators that depend on the shape of their input only. */
const OF_SHAPE = new Set(['Shape', 'Size'])

/** Operators that hold graphs, give other tensors in each run, or give strings and sequences. */
const NOT_REPEATABLE = /^(If|Loop|Scan|Random\w*|Multinomial|Bernoulli|Dropout|.*Sequence.*)$/

/** The names of the tensors that depend on constants and shapes of a graph only. */
export function computedOfShapes({ nodes, constants }: OnnxGraph): ReadonlySet<string> {
  const known = new Set(constants.keys())
  const computed = new Set<string>()
  const isKnown = ({ op, inputs }: OnnxNode): boolean =>
    OF_SHAPE.has(op) || inputs.every((name) => name === '' || known.has(name))
  for (const node of nodes) {
    if (NOT_REPEATABLE.test(node.op) || !isKnown(node)) continue
    for (const name of node.outputs.filter((of) => of !== '')) {
      known.add(name)
      computed.add(name)
    }
  }
  return computed
}
