import { networkCost, fuse, type Kernel } from '@leti/network'
import { asLetiError, type LetiRecord } from '@leti/records'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { KernelNode } from './arch.js'
import { jittered } from './jitter.js'
import { kernelNetwork } from './network.js'
import { kernelPrior, type Prior } from './prior.js'
import { kernelRecord } from './record.js'

/** How much measuring the kernel of a record is worth, relative to others. */
export type Worth = (record: LetiRecord) => number

/**
 * Speed of a slow phone's CPU, only used to choose the number of repeats: multiply-accumulates and
 * bytes per millisecond, and the time of a launch.
 */
const NOMINAL = { macs: 1e7, bytes: 4e6, launch_ms: 0.02 }

/** A network should take about this long there: far longer than the resolution of a timer. */
const WORK_MS = 6
const MAX_REPEATS = 64

/** Small devices have no room for more weights; VGG16 has 553 MB. */
const MAX_WEIGHT_BYTES = 560e6
const MAX_ACTIVATION_BYTES = 64e6

/** Nearly empty: run once and many times, it tells what a call and a launch cost. */
const EMPTY: readonly KernelNode[] = [
  { operator: { type: 'input', shape: [1, 1, 4] }, inputs: [] },
  { operator: { type: 'relu' }, inputs: [0] },
]

/** Least share of a stratum: attention has few distinct kernels, but they take most of its time. */
const LEAST_SHARE = 4

/** Number of candidates of which one is drawn by its worth. */
const CANDIDATES = 8

/**
 * Draws kernels of real networks, half of them with other sizes. Each kernel becomes two networks: one
 * runs it twice as often as the other, so the difference of their times is the time of the kernel. The
 * share of a stratum of kernels is the square root of its number of distinct kernels. Two nearly empty
 * networks come first. A longer draw with the same seed begins with the same records.
 *
 * @param count number of records
 * @param worth if given, kernels are drawn in proportion to it
 */
export function* drawKernels(count: number, seed: number, worth?: Worth): Generator<LetiRecord> {
  const seen = new Set<string>()
  let written = 0
  for (const nodes of kernels(seed, worth)) {
    const once = kernelRecord(nodes, 1).id
    if (seen.has(once)) continue
    seen.add(once)
    for (const depth of depthsOf(nodes)) {
      if (written++ === count) return
      yield kernelRecord(nodes, depth, 'corner')
    }
  }
}

function* kernels(seed: number, worth?: Worth): Generator<readonly KernelNode[]> {
  const random = mersenne(seed)
  const strata = inTurns(kernelPrior(seed))
  const draw = (): readonly KernelNode[] => {
    const known = strata.next().value
    const nodes = known[uniformInt(random, 0, known.length - 1)]
    return uniformInt(random, 0, 1) ? nodes : (fitting(jittered(nodes, random)) ?? nodes)
  }
  yield EMPTY
  for (;;) {
    if (!worth) yield draw()
    else {
      const candidates = Array.from({ length: CANDIDATES }, draw)
      yield candidates[
        pick(
          candidates.map((nodes) => worth(kernelRecord(nodes, 1))),
          random,
        )
      ]
    }
  }
}

/** The strata in turn, each as often as its share, spread evenly from the beginning. */
function* inTurns(prior: Prior): Generator<readonly (readonly KernelNode[])[], never> {
  const strata = [...prior.keys()].sort().map((name) => prior.get(name) ?? [])
  const shares = strata.map((known) => Math.max(Math.sqrt(known.length), LEAST_SHARE))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const due = shares.map(() => 0)
  for (;;) {
    shares.forEach((share, i) => (due[i] += share / total))
    const next = due.indexOf(Math.max(...due))
    due[next]--
    yield strata[next]
  }
}

/** The kernel, or undefined if its sizes do not fit its operators. */
function fitting(nodes: readonly KernelNode[]): readonly KernelNode[] | undefined {
  try {
    kernelNetwork({ nodes, repeats: 1 }, 'kernel')
    return nodes
  } catch (error) {
    if (asLetiError(error)?.code !== 'bad-arch') throw error
    return undefined
  }
}

/** The repeats of its two networks; fewer networks if small devices have no room for them. */
function depthsOf(nodes: readonly KernelNode[]): readonly number[] {
  if (nodes === EMPTY) return [1, MAX_REPEATS]
  const network = kernelNetwork({ nodes, repeats: 1 }, 'kernel')
  const { macs, weight_bytes } = networkCost(network)
  const { input_bytes, output_bytes } = kernelOf(nodes)
  const bytes = input_bytes + output_bytes
  if (bytes > MAX_ACTIVATION_BYTES) return []
  const { launch_ms } = NOMINAL
  const ms = macs / NOMINAL.macs + (bytes + weight_bytes) / NOMINAL.bytes + launch_ms
  const repeats = Math.min(Math.max(Math.round(WORK_MS / ms), 1), MAX_REPEATS)
  const room = Math.floor(MAX_WEIGHT_BYTES / Math.max(weight_bytes, 1))
  const least = Math.min(repeats, Math.max(Math.floor(room / 2), 1))
  return [least, 2 * least].filter((depth) => depth <= room)
}

function kernelOf(nodes: readonly KernelNode[]): Kernel {
  const network = kernelNetwork({ nodes, repeats: 1 }, 'kernel')
  // The last kernel of the network only keeps one element of the result.
  return fuse(network).at(-2) as Kernel
}

/** Draws an index in proportion to its share. */
function pick(shares: readonly number[], random: RandomGenerator): number {
  const total = shares.reduce((sum, share) => sum + share, 0)
  let rest = uniformFloat64(random) * total
  for (const [index, share] of shares.entries()) {
    rest -= share
    if (rest < 0) return index
  }
  return shares.length - 1
}
