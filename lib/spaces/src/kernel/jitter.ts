import { entryOf } from '@leti/network'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { KernelNode } from './arch.js'

/** Factors of sizes, as quotients: all machines compute the same result. */
const FACTORS: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 3],
  [3, 4],
  [7, 8],
  [9, 8],
  [5, 4],
  [3, 2],
  [2, 1],
]

/**
 * The kernel with other sizes, so that a predictor also learns sizes between those of known networks.
 * Equal sizes stay equal. The new sizes may not fit the operators: shape inference decides.
 */
export function jittered(nodes: readonly KernelNode[], random: RandomGenerator): KernelNode[] {
  const renamed = new Map<number, number>([[1, 1]])
  const changed = (size: number): number => {
    const known = renamed.get(size)
    if (known !== undefined) return known
    const next = otherSize(size, random)
    renamed.set(size, next)
    return next
  }
  return nodes.map(({ operator, inputs }) => ({
    operator: entryOf(operator).resized?.(operator, changed) ?? operator,
    inputs,
  }))
}

/** Multiples of 8 and 4 remain multiples: most networks have no other numbers of channels. */
function otherSize(size: number, random: RandomGenerator): number {
  const [over, under] = FACTORS[uniformInt(random, 0, FACTORS.length - 1)]
  const unit = size > 16 && size % 8 === 0 ? 8 : size > 8 && size % 4 === 0 ? 4 : 1
  return Math.max(unit, Math.round((size * over) / under / unit) * unit)
}
