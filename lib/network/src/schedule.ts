import type { Kernel } from './fuse.js'

/**
 * The most bytes of activations that are live at once in the best schedule known: the least peak over
 * all orders of the kernels, found exactly where a part of the network is small enough to search and
 * taken from the order as written where it is not. A kernel's inputs and output are live together, and
 * an output of the network to the end.
 *
 * @param outputs nodes of the network
 */
export function peakMemoryBytes(all: readonly Kernel[], outputs: readonly number[]): number {
  const kernels = withoutConstants(all, new Set(outputs))
  const segments = cutIntoSegments(kernels)
  segments.sort((a, b) => b.writtenPeak - a.writtenPeak)
  let peak = 0
  for (const segment of segments) {
    if (segment.writtenPeak <= peak) break
    peak = Math.max(peak, leastPeak(kernels, segment))
  }
  return peak
}

type Live = Pick<Kernel, 'inputs' | 'output_bytes'> & { readonly isOutput: boolean }

/** The kernels that write something, their inputs renumbered. */
function withoutConstants(all: readonly Kernel[], outputs: ReadonlySet<number>): Live[] {
  const kernels: Live[] = []
  const indexOf: number[] = []
  for (const { inputs, output_bytes, node } of all) {
    indexOf.push(output_bytes > 0 ? kernels.length : -1)
    const written = inputs.map((input) => indexOf[input]).filter((input) => input >= 0)
    if (output_bytes > 0)
      kernels.push({ inputs: written, output_bytes, isOutput: outputs.has(node) })
  }
  return kernels
}

/**
 * The kernels `first` to `last`, between two points where one activation alone is still read: `first - 1`
 * feeds the segment, `last` is all that later kernels read. Every schedule runs the segments in turn.
 */
interface Segment {
  readonly first: number
  readonly last: number
  /** Bytes of outputs that nothing reads from the segment on. */
  readonly held: number
  /** Peak of the order as written, in bytes. */
  readonly writtenPeak: number
}

function cutIntoSegments(kernels: readonly Live[]): Segment[] {
  const lastReader = new Int32Array(kernels.length).fill(kernels.length)
  kernels.forEach((kernel, index) => {
    for (const input of kernel.inputs) lastReader[input] = index
  })
  const segments: Segment[] = []
  let first = 0
  let live = 0
  let held = 0
  let heldBefore = 0
  let writtenPeak = 0
  kernels.forEach((kernel, index) => {
    live += kernel.output_bytes
    writtenPeak = Math.max(writtenPeak, live + held)
    for (const input of new Set(kernel.inputs)) {
      if (lastReader[input] !== index) continue
      const { output_bytes, isOutput } = kernels[input]
      live -= output_bytes
      if (isOutput) held += output_bytes
    }
    if (live === kernel.output_bytes || index === kernels.length - 1) {
      segments.push({ first, last: index, held: heldBefore, writtenPeak })
      first = index + 1
      heldBefore = held
      writtenPeak = 0
    }
  })
  return segments
}

/** Beyond this many kernels or states a segment is not searched: its order as written stands. */
const MAX_KERNELS = 30
const MAX_STATES = 20_000

/**
 * Iterative deepening on the peak: search the orders whose peak stays within a limit, and raise the
 * limit to the least value that broke it.
 */
function leastPeak(kernels: readonly Live[], segment: Segment): number {
  const size = segment.last - segment.first + 1
  if (size > MAX_KERNELS) return segment.writtenPeak
  const steps = toSteps(kernels, segment)
  let budget = MAX_STATES
  let limit = segment.held + Math.max(...steps.slice(1).map((step) => step.needs))
  while (limit < segment.writtenPeak) {
    let next = segment.writtenPeak
    const seen = new Set<number>()
    const all = 2 ** steps.length - 1
    const finishes = (done: number, live: number): boolean => {
      if (done === all) return true
      if (seen.has(done) || --budget < 0) return false
      seen.add(done)
      return steps.some((step, index) => {
        if (done & (1 << index) || (step.inputs & done) !== step.inputs) return false
        const during = live + step.bytes
        if (during > limit) {
          next = Math.min(next, during)
          return false
        }
        const then = done | (1 << index)
        return finishes(then, during - freedBytes(steps, step, then))
      })
    }
    if (finishes(1, segment.held + steps[0].bytes)) return limit
    if (budget < 0) break
    limit = next
  }
  return segment.writtenPeak
}

/** A kernel of a segment; sets of kernels are bit masks over the segment's steps. */
interface Step {
  readonly bytes: number
  /** Bytes of its inputs and its output together. */
  readonly needs: number
  readonly inputs: number
  readonly readers: number
}

/** Step 0 is the activation that feeds the segment, already there. */
function toSteps(kernels: readonly Live[], { first, last }: Segment): Step[] {
  const origin = first - 1
  const readers = new Map<number, number>()
  for (let index = first; index <= last; index++) {
    for (const input of kernels[index].inputs) {
      readers.set(input, (readers.get(input) ?? 0) | (1 << (index - origin)))
    }
  }
  const steps: Step[] = []
  for (let index = origin; index <= last; index++) {
    const bytes = index < 0 ? 0 : kernels[index].output_bytes
    const inputs = index < first ? [] : [...new Set(kernels[index].inputs)]
    const inputBytes = inputs.reduce((sum, input) => sum + kernels[input].output_bytes, 0)
    steps.push({
      bytes,
      needs: bytes + inputBytes,
      inputs: inputs.reduce((mask, input) => mask | (1 << (input - origin)), 0),
      // What nothing in the segment reads is its result, and stays; so does an output.
      readers: kernels[index]?.isOutput ? -1 : (readers.get(index) ?? -1),
    })
  }
  return steps
}

function freedBytes(steps: readonly Step[], step: Step, done: number): number {
  let freed = 0
  steps.forEach((input, index) => {
    const isRead = step.inputs & (1 << index)
    if (isRead && (input.readers & done) === input.readers) freed += input.bytes
  })
  return freed
}
