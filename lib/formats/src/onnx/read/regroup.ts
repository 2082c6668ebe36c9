import type { Shape } from '@leti/network'

/** Axes of one shape that become axes of another: they hold the same elements. */
export interface Group {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/**
 * The least groups of neighbouring axes that a reshape turns into each other. Both shapes have the
 * same count of elements, and it is not 0.
 */
export function regroup(before: Shape, after: Shape): Group[] {
  const groups: Group[] = []
  let from: number[] = []
  let to: number[] = []
  let left = 1
  let right = 1
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const takesLeft = i < before.length && (left < right || (left === right && from.length === 0))
    if (takesLeft || j >= after.length) {
      left *= before[i]
      from.push(i++)
    } else {
      right *= after[j]
      to.push(j++)
    }
    if (left === right && from.length > 0 && to.length > 0) {
      groups.push({ from, to })
      from = []
      to = []
      left = 1
      right = 1
    }
  }
  // What is left are axes of size 1.
  const last = groups.pop() ?? { from: [], to: [] }
  return [...groups, { from: [...last.from, ...from], to: [...last.to, ...to] }]
}
