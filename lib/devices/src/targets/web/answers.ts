/** What a page answers is checked: it runs in a browser that anyone may hold. */
import { isObject, LetiError, visible, type Delegation, type KernelTime } from '@leti/records'
import type { PageDescription } from '../../browser/leti-page.js'
import type { BrowserDescription } from '../../browser/device/describe.js'
import type { Loaded, Profile } from '../../runtimes/session.js'
import type { Answered } from './visitor.js'

const MOST_CHARACTERS = 300
const MOST_KERNELS = 100_000
/** A clock of the page and one of this computer may differ by this share. */
const CLOCKS = 0.01
const MARGIN_MS = 5

/** What a page says when its runtime has started. */
export interface PageStart {
  readonly page: PageDescription
  readonly browser: BrowserDescription
}

/** @param runtime that the page was told to start */
export function startOf({ result }: Answered, runtime: string): PageStart {
  const { page, browser } = object(result)
  const { threads, gpu, isolated, runtime: version } = object(page)
  const { agent, cores, clockStepMs, wakeLock, system, model } = object(browser)
  if (!text(version).startsWith(`${runtime}@`)) throw wrong('runtime')
  return {
    page: {
      runtime: text(version),
      threads: count(threads, 1),
      isolated: isolated === true,
      ...(gpu !== undefined && { gpu: text(gpu) }),
    },
    browser: {
      agent: text(agent),
      clockStepMs: milliseconds(clockStepMs),
      wakeLock: wakeLock === true,
      ...(cores !== undefined && { cores: count(cores, 1) }),
      ...(system !== undefined && { system: text(system) }),
      ...(model !== undefined && { model: text(model) }),
    },
  }
}

/** The checks of the results of a session's methods. */
export const RESULTS = {
  load: ({ result }: Answered): Loaded => {
    const { loadMs, delegation } = object(result)
    return {
      loadMs: milliseconds(loadMs),
      ...(delegation !== undefined && { delegation: delegationOf(object(delegation)) }),
    }
  },
  /** The runs cannot take longer than this computer waited for them. */
  infer: ({ result, elapsedMs }: Answered, runs: number): number[] => {
    const latencies = array(result, runs).map(milliseconds)
    const sum = latencies.reduce((total, latency) => total + latency, 0)
    if (latencies.length !== runs || sum > elapsedMs * (1 + CLOCKS) + MARGIN_MS) {
      throw wrong('latencies')
    }
    return latencies
  },
  /** JSON has no NaN: such elements come as null. */
  lastOutput: ({ result }: Answered): number[] =>
    array(result).map((value) => {
      if (typeof value === 'number') return value
      if (value === null) return NaN
      throw wrong('output')
    }),
  profile: ({ result }: Answered): Profile => {
    const { kernels, peakMemoryBytes } = object(result)
    return {
      kernels: array(kernels, MOST_KERNELS).map((kernel) => kernelOf(object(kernel))),
      peakMemoryBytes: count(peakMemoryBytes),
    }
  },
} as const

function kernelOf({ name, ms, output_shape: shape }: Record<string, unknown>): KernelTime {
  return {
    name: text(name),
    ms: milliseconds(ms),
    ...(shape !== undefined && { output_shape: array(shape, 16).map((size) => count(size)) }),
  }
}

function delegationOf({ full, delegated_nodes: nodes }: Record<string, unknown>): Delegation {
  return { full: full === true, ...(nodes !== undefined && { delegated_nodes: count(nodes) }) }
}

function wrong(what: string): LetiError {
  return new LetiError('device-crashed', `the page answered with no valid ${what}`)
}

function object(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw wrong('object')
}

function array(value: unknown, most = Infinity): unknown[] {
  if (Array.isArray(value) && value.length <= most) return value
  throw wrong('list')
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return visible(value.slice(0, MOST_CHARACTERS))
  throw wrong('text')
}

function milliseconds(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw wrong('time')
}

function count(value: unknown, least = 0): number {
  if (Number.isSafeInteger(value) && Number(value) >= least) return Number(value)
  throw wrong('number')
}
