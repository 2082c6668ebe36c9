import { expect, test } from 'vitest'
import type { Kernel } from './fuse.js'
import { peakMemoryBytes } from './schedule.js'

/** Kernels given as [bytes, ...inputs]. */
function graph(...kernels: number[][]): Kernel[] {
  return kernels.map(
    ([output_bytes, ...inputs], node) => ({ output_bytes, inputs, node }) as unknown as Kernel,
  )
}

test('a chain needs its largest neighbors together', () => {
  expect(peakMemoryBytes(graph([1], [5, 0], [3, 1], [1, 2]), [3])).toBe(8)
})

test('an input that is read twice counts once', () => {
  expect(peakMemoryBytes(graph([4], [4, 0, 0], [1, 1]), [2])).toBe(8)
})

test('finds the better order of two branches', () => {
  // In the order as written both wide activations (10) are live at once: 1 + 10 + 10. One branch after the other
  // needs the input, one wide activation and a narrow one: 1 + 10 + 1 = 12.
  const asWritten = graph([1], [10, 0], [10, 0], [1, 1], [1, 2], [1, 3, 4])
  expect(peakMemoryBytes(asWritten, [5])).toBe(12)
})

test('an output of the network stays live to the end, even if a kernel reads it', () => {
  const chain = graph([1], [5, 0], [3, 1], [4, 2], [2, 3])
  expect(peakMemoryBytes(chain, [4])).toBe(8)
  expect(peakMemoryBytes(chain, [4, 1])).toBe(5 + 3 + 4)
})

test.each([[[8]], [[8, 1]], [[2, 8]], [[8, 3, 6]], [[4, 7, 8]]])(
  'equals the least peak over all orders, with the outputs %j',
  (outputs) => {
    // Every order of a small graph, by brute force.
    const kernels = graph(
      [3],
      [7, 0],
      [2, 0],
      [9, 1],
      [1, 1, 2],
      [4, 2],
      [2, 3, 5],
      [5, 4, 6],
      [1, 7],
    )
    expect(peakMemoryBytes(kernels, outputs)).toBe(leastPeakOverAllOrders(kernels, outputs))
  },
)

function leastPeakOverAllOrders(kernels: readonly Kernel[], outputs: readonly number[]): number {
  let least = Infinity
  const visit = (done: number[], peak: number): void => {
    if (done.length === kernels.length) least = Math.min(least, peak)
    kernels.forEach((kernel, index) => {
      if (done.includes(index) || !kernel.inputs.every((input) => done.includes(input))) return
      const live = done.filter(
        (other) =>
          outputs.includes(other) ||
          kernels.some((reader, at) => !done.includes(at) && reader.inputs.includes(other)),
      )
      const bytes = [...live, index].reduce((sum, at) => sum + kernels[at].output_bytes, 0)
      visit([...done, index], Math.max(peak, bytes))
    })
  }
  visit([], 0)
  return least
}
