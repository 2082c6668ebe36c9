import type { Shape } from '@leti/network'

/** Neighboring axes of one shape that a reshape turns into neighboring axes of another. */
export interface Group {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/**
 * Splits a reshape into the smallest groups of neighboring axes that hold the same elements.
 *
 * @param before has as many elements as `after`, and at least one
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
  // The remaining axes have size 1.
  const last = groups.pop() ?? { from: [], to: [] }
  return [...groups, { from: [...last.from, ...from], to: [...last.to, ...to] }]
}
