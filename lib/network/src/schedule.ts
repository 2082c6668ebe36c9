import type { Kernel } from './fuse.js'

/**
 * Peak memory of activations: the bytes that are live at once in the best known order of the kernels.
 * Small parts of the network are searched for the best order; larger parts keep the order as written.
 * A kernel's inputs and output are live together; outputs of the network stay live to the end.
 *
 * @param outputs the network's output nodes
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

/** The kernels that write an activation, with renumbered inputs. */
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
 * The kernels `first` to `last`. Kernel `first - 1` alone feeds them, and later kernels read `last` alone,
 * so every schedule runs the segments one after the other.
 */
interface Segment {
  readonly first: number
  readonly last: number
  /** Bytes of the network's outputs that no kernel of this or a later segment reads. */
  readonly held: number
  /** Peak of the segment in the order as written, in bytes. */
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

/** Limits on the kernels of a segment and on the states of all searches in it. */
const MAX_KERNELS = 30
const MAX_STATES = 20_000

/**
 * The least peak of a segment, by iterative deepening: searches for an order whose peak stays within a
 * limit; if there is none, raises the limit to the lowest peak that exceeded it. Gives up, with the peak
 * of the order as written, when the segment is too large or the budget of states is used up.
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

/** A kernel of a segment. Sets of kernels are bit masks over the steps. */
interface Step {
  readonly bytes: number
  /** Bytes of its inputs and its output together. */
  readonly needs: number
  readonly inputs: number
  readonly readers: number
}

/** The steps of a segment; step 0 is the kernel that feeds it, which has already run. */
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
      // The segment's result, which no step reads, and outputs of the network are never freed.
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
