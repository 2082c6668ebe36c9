import { LetiError } from '@leti/records'
import { damaged, list, object, text, type Json } from '../json.js'

/** A layer of a Keras model. */
export interface Layer {
  readonly name: string
  readonly className: string
  readonly config: Json
  /** The inputs of each call. */
  readonly calls: readonly (readonly TensorOf[])[]
}

/** An output of one call of a layer. */
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

const SEQUENTIAL = 'Sequential'
const MODELS: ReadonlySet<string> = new Set([SEQUENTIAL, 'Functional', 'Model'])

export function isModel(className: string): boolean {
  return MODELS.has(className)
}

/**
 * Parses the layers of a Keras model.
 *
 * @param className `class_name` of the model
 * @param config `config` of the model
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
    // An input layer is not called.
    return { ...layer, calls: calls.length > 0 ? calls : [[]] }
  })
  const inputs = refs(config.input_layers)
  return renumbered({ layers, inputs, outputs: refs(config.output_layers) })
}

/**
 * Counts the calls of all layers from 0. Some files count those of a nested model from 1: Keras counts
 * its construction as the first.
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

/** A `Sequential` model: each layer reads the one before. */
function sequence(value: unknown): Topology {
  const config = Array.isArray(value) ? { layers: value as unknown[] } : object(value, 'a model')
  const given = list(config.layers, 'the layers').map(parseLayer)
  const [first] = given
  if (!first) throw damaged('a model has no layers')
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

/** The first layer of a sequence states the input's shape; if it is a model, its own first layer does. */
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
    throw new LetiError('unsupported', 'a layers model of Keras 3; convert it to a graph model')
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
