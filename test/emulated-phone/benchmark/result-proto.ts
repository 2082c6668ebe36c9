/** The file of `--result_file_path`: BenchmarkResult of tflite/tools/benchmark/proto/benchmark_result.proto. */
import type { Session, Times } from './measure.js'
import { deviation, mean, percentile, sum } from './statistics.js'

const FLOAT = 5
const VARINT = 0
const BYTES = 2

export function resultProto(session: Session, times: Times): Buffer {
  const { inference, warmUp } = times
  const ms = [
    mean(inference),
    Math.min(...inference),
    Math.max(...inference),
    deviation(inference),
    percentile(inference, 50),
    percentile(inference, 5),
    percentile(inference, 95),
    session.initUs,
    warmUp[0],
    mean(warmUp),
  ].map((us) => us / 1000)
  const latency = ms.map((value, i) => float(i + 1, value))
  const { start, init } = session.memory
  const memory = [
    varint(1, Math.max(Math.round((init - start) / 1024), 0)),
    varint(2, Math.max(Math.round((times.overallMemory - start) / 1024), 0)),
    ...(times.peakMemory === undefined ? [] : [float(3, times.peakMemory / 2 ** 20)]),
  ]
  const misc = [
    float(1, session.modelBytes / 1e6),
    varint(2, inference.length),
    varint(3, warmUp.length),
    float(4, throughput(session, times)),
  ]
  return Buffer.concat([message(2, latency), message(3, memory), message(4, misc)])
}

/** Megabytes of input a second. */
export function throughput({ model }: Session, { inference }: Times): number {
  return (model.inputBytes * inference.length) / sum(inference) / 1.048576
}

function key(field: number, type: number): Buffer {
  return Buffer.from([(field << 3) | type])
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([key(field, FLOAT), bytes])
}

function varint(field: number, value: number): Buffer {
  return Buffer.concat([key(field, VARINT), encodeVarint(value)])
}

function message(field: number, fields: Buffer[]): Buffer {
  const body = Buffer.concat(fields)
  return Buffer.concat([key(field, BYTES), encodeVarint(body.length), body])
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}
