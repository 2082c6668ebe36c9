import { LetiError } from '@leti/records'
import { damaged, list, object, text, type Json } from '../json.js'

/** A layer of a Keras model, and the tensors that each of its calls reads. */
export interface Layer {
  readonly name: string
  readonly className: string
  readonly config: Json
  readonly calls: readonly (readonly TensorOf[])[]
}

/** What a layer gave when it was called: `call` counts its calls. */
export interface TensorOf {
  readonly layer: string
  readonly call: number
  readonly output: number
}

export interface Topology {
  readonly layers: readonly Layer[]
  readonly inputs: readonly TensorOf[]
  readonly outputs: readonly TensorOf[]
}

/** A sequence of layers has a graph too: each reads the one before. */
const SEQUENTIAL = 'Sequential'
const MODELS: ReadonlySet<string> = new Set([SEQUENTIAL, 'Functional', 'Model'])

export function isModel(className: string): boolean {
  return MODELS.has(className)
}

/**
 * The layers of a Keras model, as its `class_name` and `config` have them.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function parseTopology(className: string, config: unknown): Topology {
  return className === SEQUENTIAL ? sequence(config) : functional(object(config, 'a model'))
}

function functional(config: Json): Topology {
  const layers = list(config.layers, 'the layers').map((value): Layer => {
    const layer = parseLayer(value)
    const calls = list(object(value, 'a layer').inbound_nodes, 'inbound_nodes').map(parseCall)
    // An input is there without a call.
    return { ...layer, calls: calls.length > 0 ? calls : [[]] }
  })
  const inputs = refs(config.input_layers)
  return renumbered({ layers, inputs, outputs: refs(config.output_layers) })
}

/**
 * Some files count a model's calls within another from 1: its own making was the first. Here all are
 * counted from 0.
 */
function renumbered({ layers, inputs, outputs }: Topology): Topology {
  const counts = new Map(layers.map(({ name, calls }) => [name, calls.length]))
  const read = [...layers.flatMap(({ calls }) => calls.flat()), ...outputs]
  const late = new Set(
    read.filter(({ layer, call }) => call === counts.get(layer)).map(({ layer }) => layer),
  )
  const fromZero = (ref: TensorOf): TensorOf =>
    late.has(ref.layer) ? { ...ref, call: ref.call - 1 } : ref
  return {
    layers: layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => call.map(fromZero)),
    })),
    inputs,
    outputs: outputs.map(fromZero),
  }
}

function sequence(value: unknown): Topology {
  const config = Array.isArray(value) ? { layers: value as unknown[] } : object(value, 'a model')
  const given = list(config.layers, 'the layers').map(parseLayer)
  const [first] = given
  if (!first) throw damaged('a model without layers')
  const input: Layer = {
    name: `${first.name}_input`,
    className: 'InputLayer',
    config: { batch_input_shape: inputShape(first, config) },
    calls: [],
  }
  const layers = first.className === 'InputLayer' ? given : [input, ...given]
  const ref = ({ name }: Layer): TensorOf => ({ layer: name, call: 0, output: 0 })
  return {
    layers: layers.map((layer, index) => ({
      ...layer,
      calls: [index > 0 ? [ref(layers[index - 1])] : []],
    })),
    inputs: [ref(layers[0])],
    outputs: [ref(layers[layers.length - 1])],
  }
}

/** What a sequence reads is said by its first layer, or the first one of that. */
function inputShape(first: Layer, sequence: Json): unknown {
  const own = first.config.batch_input_shape ?? sequence.build_input_shape
  if (own !== undefined || !isModel(first.className)) return own
  const [inner] = list(first.config.layers, 'the layers')
  return inner === undefined ? undefined : parseLayer(inner).config.batch_input_shape
}

function parseLayer(value: unknown): Layer {
  const layer = object(value, 'a layer')
  const className = text(layer.class_name, 'the class of a layer')
  const config = Array.isArray(layer.config)
    ? { layers: layer.config as unknown[] }
    : object(layer.config, 'the configuration of a layer')
  const name = text(layer.name ?? config.name ?? className, 'the name of a layer')
  return { name, className, config, calls: [] }
}

function parseCall(value: unknown): TensorOf[] {
  if (!Array.isArray(value)) {
    throw new LetiError('unsupported', 'a layers model of Keras 3')
  }
  return refs(value)
}

/** One reference, or a list of them: `[layer, call, output, ...]`. */
function refs(value: unknown): TensorOf[] {
  const entries = list(value, 'the inputs of a layer')
  const all = typeof entries[0] === 'string' ? [entries] : entries
  return all.map((entry) => {
    const [layer, call, output] = list(entry, 'an input of a layer')
    return { layer: text(layer, 'an input of a layer'), call: Number(call), output: Number(output) }
  })
}
