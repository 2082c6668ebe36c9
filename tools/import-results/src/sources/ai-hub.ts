import { isObject, LetiError, type Delegation, type LetiRecord } from '@leti/records'
import { parse } from 'yaml'
import { safeId } from '../safe-id.js'
import type { Found, ResultsFile } from '../source.js'

const MIB = 2 ** 20
const US_PER_MS = 1000

/** The tool whose version is that of a runtime, if it has another name. */
const TOOLS: Readonly<Record<string, string>> = {
  onnx: 'onnx_runtime',
  precompiled_qnn_onnx: 'onnx_runtime',
  qnn_dlc: 'qairt',
  qnn_context_binary: 'qairt',
  voice_ai: 'qairt',
}

/** One entry of a `perf.yaml`, in either of its forms. */
interface Entry {
  /** Name of the model, or of one of its parts. */
  readonly model: string
  readonly precision?: string | undefined
  readonly device: string
  readonly runtime: string
  readonly metrics: Readonly<Record<string, unknown>>
  readonly info?: Readonly<Record<string, unknown>>
  readonly startedAt?: string
}

/**
 * Qualcomm AI Hub's `perf.yaml` (quic/ai-hub-models): of 2025 on (`precisions`), or before (`models`). Entries without an
 * inference time, such as failed jobs and language models, are counted.
 */
export function* aiHub({ text, name, folder, fail }: ResultsFile): Generator<Found> {
  const document: unknown = parse(text)
  if (!isObject(document)) throw notUnderstood()
  let left = 0
  const entries = entriesOf(document)
  const parts = new Set(entries.map(({ model }) => model))
  // Many models have an "encoder": what it belongs to is only the name of the folder.
  const prefix = parts.size > 1 && folder !== undefined ? `${folder}-` : ''
  for (const entry of entries) {
    const record = recordOf({ ...entry, model: prefix + entry.model })
    if (record) yield { record, place: name }
    else left++
  }
  if (left) fail(name, `${left} entries have no inference time: skipped`)
}

function entriesOf(document: Record<string, unknown>): Entry[] {
  if (isObject(document.precisions)) return recentEntries(document.precisions)
  if (Array.isArray(document.models))
    return document.models.filter(isObject).flatMap(earlierEntries)
  throw notUnderstood()
}

function recentEntries(precisions: Record<string, unknown>): Entry[] {
  return membersOf(precisions).flatMap(([precision, { components }]) =>
    membersOf(components).flatMap(([model, { performance_metrics }]) =>
      membersOf(performance_metrics).flatMap(([device, runtimes]) =>
        membersOf(runtimes).map(([runtime, metrics]) => ({
          model,
          precision,
          device,
          runtime,
          metrics,
        })),
      ),
    ),
  )
}

function earlierEntries({ name, performance_metrics: list }: Record<string, unknown>): Entry[] {
  if (typeof name !== 'string' || !Array.isArray(list)) throw notUnderstood()
  return list
    .filter(isObject)
    .flatMap(({ reference_device_info: info, timestamp, ...runtimes }) => {
      if (!isObject(info) || typeof info.name !== 'string') return []
      const { name: device } = info
      return membersOf(runtimes).map(([runtime, metrics]) => ({
        model: name,
        precision: textOf(metrics.precision),
        device,
        runtime: runtime.replace(/^torchscript_/, ''),
        metrics,
        info,
        ...(typeof timestamp === 'string' && { startedAt: timestamp }),
      }))
    })
}

function recordOf({ model, precision, device, runtime, metrics, info, startedAt }: Entry) {
  const latency = numberOf(metrics.inference_time_milliseconds) ?? divided(metrics.inference_time)
  if (latency === undefined || latency <= 0) return undefined
  const unit = textOf(metrics.primary_compute_unit)?.toLowerCase()
  const memory = memoryOf(metrics)
  const delegation = delegationOf(metrics, unit)
  const os = [textOf(info?.os_name), textOf(info?.os)].filter(Boolean).join(' ')
  const soc = textOf(info?.chipset)
  const versions = isObject(metrics.tool_versions) ? metrics.tool_versions : {}
  return {
    id: safeId(precision === undefined || precision === 'float' ? model : `${model}-${precision}`),
    measurement: {
      device,
      target: 'ai-hub',
      runtime: versioned(runtime, versions),
      ...(unit !== undefined && { backend: unit }),
      latency_ms: { median: latency },
      ...(memory !== undefined && { peak_memory_bytes: memory }),
      ...(delegation && { delegation }),
      ...(startedAt !== undefined && { started_at: startedAt }),
      environment: {
        ...(precision !== undefined && { precision }),
        ...(os && { os }),
        ...(soc !== undefined && { soc }),
        ...otherVersions(runtime, versions),
      },
    },
  } satisfies LetiRecord
}

type Versions = Readonly<Record<string, unknown>>

/** The runtime with its version, such as `onnx@1.23.0`. */
function versioned(runtime: string, versions: Versions): string {
  const version = textOf(versions[TOOLS[runtime] ?? runtime])
  return version === undefined ? runtime : `${runtime}@${version}`
}

/** The versions of the tools that compiled the model: another one is another program. */
function otherVersions(runtime: string, versions: Versions): Record<string, string> {
  const own = TOOLS[runtime] ?? runtime
  return Object.fromEntries(
    Object.entries(versions).flatMap(([name, value]) => {
      const version = textOf(value)
      return name === own || version === undefined ? [] : [[name, version] as const]
    }),
  )
}

/** The upper end of the estimated range. Its MB are of 2^20 bytes; the earlier form has bytes. */
function memoryOf(metrics: Readonly<Record<string, unknown>>): number | undefined {
  const { estimated_peak_memory_range_mb: mb, estimated_peak_memory_range: bytes } = metrics
  const most = isObject(mb) ? numberOf(mb.max) : undefined
  if (most !== undefined) return Math.round(most * MIB)
  return isObject(bytes) ? numberOf(bytes.max) : undefined
}

function delegationOf(
  { layer_counts: recent, layer_info: earlier }: Readonly<Record<string, unknown>>,
  unit: string | undefined,
): Delegation | undefined {
  if (unit !== 'npu' && unit !== 'gpu') return undefined
  const [own, all] = isObject(recent)
    ? [recent[unit], recent.total]
    : isObject(earlier)
      ? [earlier[`layers_on_${unit}`], earlier.total_layers]
      : []
  const [delegated, total] = [numberOf(own), numberOf(all)]
  if (delegated === undefined || total === undefined) return undefined
  return { full: delegated === total, delegated_nodes: delegated, total_nodes: total }
}

/** The members that are objects themselves. */
function membersOf(value: unknown): [string, Record<string, unknown>][] {
  if (!isObject(value)) return []
  return Object.entries(value).filter((member): member is [string, Record<string, unknown>] =>
    isObject(member[1]),
  )
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The earlier form has microseconds. */
function divided(value: unknown): number | undefined {
  const number = numberOf(value)
  return number === undefined ? undefined : number / US_PER_MS
}

/** A text; the files write `null` as a text too. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== 'null' && value !== '' ? value : undefined
}

function notUnderstood(): LetiError {
  return new LetiError(
    'bad-input',
    'not a perf.yaml of Qualcomm AI Hub: no "precisions", no "models"',
  )
}
