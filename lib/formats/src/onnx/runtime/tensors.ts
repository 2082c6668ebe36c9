import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Shape } from '@leti/network'
import { constantOf, type Constant } from '../../importer/constant.js'
import type { FixedNumbers } from '../../importer/fixed-numbers.js'
import { DATA_TYPE, GRAPH, MODEL, VALUE_INFO } from '../schema.js'
import type { ExternalFiles } from '../read/external.js'
import type { OnnxGraph } from '../read/parse.js'
import { computedOfShapes } from './computed-of-shapes.js'
import { runOnce, type Feed } from './run.js'

/** What ONNX Runtime tells about the tensors of a file. */
export interface RuntimeTensors {
  readonly shapes: ReadonlyMap<string, Shape>
  /** The tensors whose shapes depend on the numbers of the inputs. */
  readonly varying: ReadonlySet<string>
  /** The tensors that depend on constants and shapes only. */
  readonly constants: ReadonlyMap<string, Constant>
}

/** Operators whose outputs are no tensors. */
const OF_SEQUENCES = /Sequence|^Optional|^If$|^Loop$|^Scan$/

/**
 * Runs a file and reads off its intermediate tensors.
 *
 * @param shapes of the graph's inputs
 * @param fixed the numbers of some of them
 * @throws {Error} if ONNX Runtime is not installed or cannot run the file
 */
export async function runtimeTensors(
  bytes: Uint8Array,
  external: ExternalFiles,
  graph: OnnxGraph,
  shapes: readonly Shape[],
  fixed: FixedNumbers,
): Promise<RuntimeTensors> {
  const computed = computedOfShapes(graph)
  const results = await runOnce({
    parts: [
      { name: '', bytes: exposed(bytes, namesOf(graph)) },
      ...[...external].map(([name, file]) => ({ name, bytes: file })),
    ],
    feeds: graph.inputs.map(({ name, type }, index) => ({
      ...feedOf(name, type, shapes[index]),
      number: fixed.of(name),
    })),
    values: [...computed],
  })
  const constants = results.flatMap(({ name, shape, isFloat, values }) =>
    values ? [[name, constantOf(values, shape, isFloat)] as const] : [],
  )
  const selected = selections(graph)
  const varying = results.filter(({ isVarying }) => isVarying).map(({ name }) => name)
  return {
    varying: new Set(varying.filter((name) => !selected.has(name))),
    shapes: new Map(results.map(({ name, shape }) => [name, shape])),
    constants: new Map(constants),
  }
}

/** Operators that select some of their elements, as detectors do in the end: their numbers count as those for zeros. */
const SELECTING = /^(NonMaxSuppression|NonZero|Unique|Compress)$/

/** The tensors that depend on a selection. */
function selections({ stored }: OnnxGraph): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { op, inputs, outputs } of stored) {
    if (!SELECTING.test(op) && !inputs.some((name) => names.has(name))) continue
    for (const name of outputs) names.add(name)
  }
  return names
}

/** The intermediate tensors of the main graph. */
function namesOf({ outputs, stored }: OnnxGraph): string[] {
  const known = new Set(outputs.map(({ name }) => name))
  return stored
    .filter(({ op }) => !OF_SEQUENCES.test(op))
    .flatMap((node) => node.outputs)
    .filter((name) => name !== '' && !known.has(name))
}

/**
 * The file with intermediate tensors as outputs. The parts of a protobuf message that come twice are
 * merged, so that a second part of the graph adds to its outputs.
 */
function exposed(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const graph = new BinaryWriter()
  for (const name of names) {
    const info = new BinaryWriter().tag(VALUE_INFO.name, WireType.LengthDelimited).string(name)
    graph.tag(GRAPH.output, WireType.LengthDelimited).bytes(info.finish())
  }
  const model = new BinaryWriter().tag(MODEL.graph, WireType.LengthDelimited).bytes(graph.finish())
  return Buffer.concat([bytes, model.finish()])
}

/** ONNX Runtime's names of data types that differ from those of `TensorProto`. */
const RUNTIME_TYPES: ReadonlyMap<number, string> = new Map([
  [DATA_TYPE.float, 'float32'],
  [DATA_TYPE.double, 'float64'],
])

function feedOf(name: string, type: number, shape: Shape): Omit<Feed, 'number'> {
  const own = Object.entries(DATA_TYPE).find(([, code]) => code === type)?.[0]
  return { name, type: RUNTIME_TYPES.get(type) ?? own ?? 'float32', shape }
}
