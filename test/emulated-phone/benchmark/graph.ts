/** Reads the operators of a `.tflite` file (FlatBuffers; tflite/schema/schema.fbs). */

export interface GraphNode {
  /** `CONV_2D`, or the name of a custom operator. */
  readonly type: string
  readonly outputs: string[]
  /** Roughly how much it computes; the emulated profile splits the time in this proportion. */
  readonly weight: number
}

const TYPES: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  9: 'FULLY_CONNECTED',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  25: 'SOFTMAX',
  34: 'PAD',
  40: 'MEAN',
  45: 'STRIDED_SLICE',
  65: 'SLICE',
  117: 'HARD_SWISH',
}

/** The operators of the first subgraph, in order. */
export function readGraph(bytes: Uint8Array): GraphNode[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const model = table(view, view.getUint32(0, true))
  const codes = model.tables(1).map(typeOf)
  const [subgraph] = model.tables(2)
  const tensors = subgraph.tables(0)
  return subgraph.tables(3).map((operator) => {
    const outputs = operator.ints(2).map((index) => tensors[index])
    const inputs = operator.ints(1).flatMap((index) => (index < 0 ? [] : [tensors[index]]))
    const type = codes[operator.scalar(0)] ?? 'UNKNOWN'
    return {
      type,
      outputs: outputs.map((tensor) => tensor.text(3)),
      weight: workOf(
        type,
        inputs.map((tensor) => tensor.ints(0)),
        elements(outputs[0]?.ints(0)),
      ),
    }
  })
}

function typeOf(code: Table): string {
  const builtin = Math.max(code.byte(0), code.scalar(3))
  return builtin === 32 ? code.text(1) : (TYPES[builtin] ?? `BUILTIN_${builtin}`)
}

/** Number of output elements; for operators with weights, times the length of each dot product. */
function workOf(type: string, inputs: number[][], outputs: number): number {
  if (type === 'DEPTHWISE_CONV_2D') return outputs * inputs[1][1] * inputs[1][2]
  if (!['CONV_2D', 'FULLY_CONNECTED'].includes(type)) return outputs
  const [outputChannels, ...dot] = inputs[1]
  return outputs * (outputChannels ? elements(dot) : 1)
}

function elements(shape: number[] | undefined): number {
  return (shape ?? []).reduce((product, size) => product * Math.max(size, 1), 1)
}

interface Table {
  byte(field: number): number
  scalar(field: number): number
  text(field: number): string
  ints(field: number): number[]
  tables(field: number): Table[]
}

function table(view: DataView, at: number): Table {
  const vtable = at - view.getInt32(at, true)
  const field = (index: number): number => {
    const slot = 4 + 2 * index
    const offset = slot < view.getUint16(vtable, true) ? view.getUint16(vtable + slot, true) : 0
    return offset && at + offset
  }
  const vector = <T>(index: number, read: (position: number) => T): T[] => {
    const place = field(index)
    if (!place) return []
    const start = place + view.getUint32(place, true)
    const length = view.getUint32(start, true)
    return Array.from({ length }, (_, i) => read(start + 4 + 4 * i))
  }
  return {
    byte: (index) => (field(index) ? view.getInt8(field(index)) : 0),
    scalar: (index) => (field(index) ? view.getInt32(field(index), true) : 0),
    text: (index) => {
      const place = field(index)
      if (!place) return ''
      const start = place + view.getUint32(place, true)
      const length = view.getUint32(start, true)
      return new TextDecoder().decode(
        new Uint8Array(view.buffer, view.byteOffset + start + 4, length),
      )
    },
    ints: (index) => vector(index, (position) => view.getInt32(position, true)),
    tables: (index) => vector(index, (at) => table(view, at + view.getUint32(at, true))),
  }
}
