import { readFile } from 'node:fs/promises'

/** Field numbers of TensorFlow Lite's schema.fbs. */
const MODEL_SUBGRAPHS = 2
const SUBGRAPH_TENSORS = 0
const SUBGRAPH_INPUTS = 1
const TENSOR_SHAPE = 0
const TENSOR_TYPE = 1
const FLOAT32 = 0

/**
 * The shapes of a model's inputs, in their order.
 *
 * @returns undefined where one is not float32, or the file is no model: then the tool says so
 */
export async function floatInputs(modelPath: string): Promise<number[][] | undefined> {
  const bytes = await readFile(modelPath)
  try {
    return readInputs(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readInputs(view: DataView): number[][] | undefined {
  const model = view.getUint32(0, true)
  const [subgraph] = tables(view, model, MODEL_SUBGRAPHS)
  if (subgraph === undefined) return undefined
  const tensors = tables(view, subgraph, SUBGRAPH_TENSORS)
  const inputs = integers(view, subgraph, SUBGRAPH_INPUTS).map((index) => tensors[index])
  const types = inputs.map((tensor) => {
    const position = field(view, tensor, TENSOR_TYPE)
    return position ? view.getInt8(position) : FLOAT32
  })
  if (types.some((type) => type !== FLOAT32)) return undefined
  return inputs.map((tensor) => integers(view, tensor, TENSOR_SHAPE))
}

/** Where a table's field lies; 0 where it has none. */
function field(view: DataView, table: number, slot: number): number {
  const vtable = table - view.getInt32(table, true)
  const entry = 4 + 2 * slot
  if (entry >= view.getUint16(vtable, true)) return 0
  const offset = view.getUint16(vtable + entry, true)
  return offset && table + offset
}

/** Where the elements of a vector of 4 bytes each lie. */
function elements(view: DataView, table: number, slot: number): number[] {
  const position = field(view, table, slot)
  if (!position) return []
  const vector = position + view.getUint32(position, true)
  const length = view.getUint32(vector, true)
  if (vector + 4 + 4 * length > view.byteLength) throw new RangeError('a vector beyond the file')
  return Array.from({ length }, (_element, index) => vector + 4 + 4 * index)
}

function integers(view: DataView, table: number, slot: number): number[] {
  return elements(view, table, slot).map((position) => view.getInt32(position, true))
}

function tables(view: DataView, table: number, slot: number): number[] {
  return elements(view, table, slot).map((position) => position + view.getUint32(position, true))
}
