import { createHash } from 'node:crypto'
import type { LetiRecord, Measurement } from '@leti/records'
import { NCNN_NAMES, ncnnRecord } from '@leti/spaces'
import { safeId } from '../safe-id.js'
import type { Found, ResultsFile } from '../source.js'

const HEADING = /^#{2,4}\s+(.+?)\s*$/
const SETTING = /^(loop_count|num_threads|powersave|gpu_device|cooling_down)\s*=\s*(-?\d+)\s*$/
const GPU = /^\[(\d+)\s+(.+?)\]\s+queueC=/
const RESULT = /^\s*([\w.-]+)\s+min\s*=\s*([\d.]+)\s+max\s*=\s*([\d.]+)\s+avg\s*=\s*([\d.]+)\s*$/

/** A run of `benchncnn`. */
interface Run {
  readonly settings: Map<string, number>
  readonly gpus: Map<number, string>
}

/** The README of ncnn's benchmark, or the output of one `benchncnn`. */
export function* ncnn({ text, name, fail }: ResultsFile): Generator<Found> {
  let board: string | undefined
  let run: Run = { settings: new Map(), gpus: new Map() }
  let hasResults = false
  const lines = text.split(/\r?\n/)
  for (const [i, line] of lines.entries()) {
    const setting = SETTING.exec(line)
    const gpu = GPU.exec(line)
    const heading = HEADING.exec(line)
    // What stands before the results of a run belongs to that run.
    if ((setting ?? gpu ?? heading) && hasResults) {
      run = { settings: new Map(), gpus: new Map() }
      hasResults = false
    }
    if (heading) board = heading[1]
    else if (setting) run.settings.set(setting[1], Number(setting[2]))
    else if (gpu) run.gpus.set(Number(gpu[1]), gpu[2])
    const result = RESULT.exec(line)
    if (!result) {
      if (/\bmin =.*\bavg =/.test(line)) fail(`${name}:${i + 1}`, 'not a line of results: skipped')
      continue
    }
    hasResults = true
    const [, network, min, , mean] = result
    if (Number(min) > 0 && Number(mean) >= Number(min)) {
      const measurement = measurementOf(board, run, Number(min), Number(mean))
      yield { record: { ...networkOf(network), measurement }, place: `${name}:${i + 1}` }
    } else fail(`${name}:${i + 1}`, `impossible latencies of ${network}: skipped`)
  }
}

/** Networks that the zoo has can be built; others, such as those in int8, have a name only. */
function networkOf(name: string): LetiRecord {
  return NCNN_NAMES.includes(name) ? ncnnRecord(name) : { id: safeId(`ncnn-${name}`) }
}

function measurementOf(
  board: string | undefined,
  run: Run,
  min: number,
  mean: number,
): Partial<Measurement> {
  const { settings, gpus } = run
  const device = settings.get('gpu_device')
  const isGpu = device !== undefined && device >= 0
  const gpu = isGpu ? gpus.get(device) : undefined
  const threads = settings.get('num_threads')
  const count = settings.get('loop_count')
  const powersave = settings.get('powersave')
  return {
    ...(board !== undefined && { device: shortName(board) }),
    target: 'ncnn',
    runtime: 'ncnn',
    ...(device !== undefined && { backend: isGpu ? 'vulkan' : 'cpu' }),
    ...(threads !== undefined && { threads }),
    latency_ms: { mean, min, ...(count !== undefined && { count }) },
    environment: {
      ...(board !== undefined && { soc: board }),
      ...(gpu !== undefined && { gpu }),
      // Which cores: all, the little, or the big ones.
      ...(powersave !== undefined && { powersave }),
    },
  }
}

/** The board without its list of cores, with a digest of all: boards differ in what stands in brackets. */
function shortName(board: string): string {
  const digest = createHash('sha256').update(board).digest('hex').slice(0, 4)
  const name = board.replace(/\s*[(@].*$/, '').toLowerCase()
  return `${name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}-${digest}`
}
