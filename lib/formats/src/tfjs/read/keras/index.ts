import { LetiError } from '@leti/records'
import type { Constant } from '../../../importer/constant.js'
import { printable } from '../../../importer/names.js'
import { damaged, list, object, text, type Json } from '../json.js'
import { customLayer } from './custom-layers.js'
import { LayerCall } from './layer-call.js'
import { LAYERS } from './layers.js'
import { Lowering } from './lowering.js'
import { isModel, parseTopology, type Layer, type TensorOf, type Topology } from './topology.js'

/** Limit on models nested within models. */
const MAX_DEPTH = 16

/** Limit on calls of layers: nested models that are shared could multiply without bound. */
const MAX_CALLS = 2 ** 16

/** Limit on passes over the layers; a pass is needed for each one listed before its input. */
const MAX_ROUNDS = 64

/** A graph model. */
export interface LoweredModel {
  /** Its `model.json`. */
  readonly json: Json
  /** Its weights, by the names of their nodes. */
  readonly constants: ReadonlyMap<string, Constant>
}

/**
 * Lowers a layers model to a graph model, as TensorFlow's converter does.
 *
 * @param weights by their names
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function loweredModel(
  modelTopology: Json,
  weights: ReadonlyMap<string, Constant>,
): LoweredModel {
  const model = object(modelTopology.model_config ?? modelTopology, 'model_config')
  const className = text(model.class_name, 'the class of the model')
  if (!isModel(className))
    throw new LetiError('unsupported', `a layers model of class ${printable(className)}`)
  const models = new Models(new Lowering(weights))
  const topology = parseTopology(className, model.config)
  const inputs = models.placeholders(topology)
  const outputs = models.lower(topology, inputs, '', 0)
  const signature = {
    inputs: Object.fromEntries(inputs.map((name, index) => [`input${index}`, { name }])),
    outputs: Object.fromEntries(outputs.map((name, index) => [`output${index}`, { name }])),
  }
  const { nodes, constants } = models.graph
  return { json: { modelTopology: { node: nodes }, signature }, constants }
}

class Models {
  private calls = 0

  constructor(readonly graph: Lowering) {}

  /** Adds a placeholder for each of the model's inputs; returns their names. */
  placeholders({ layers, inputs }: Topology): string[] {
    const byName = new Map(layers.map((layer) => [layer.name, layer]))
    return inputs.map(({ layer: name }) => {
      const shape = byName.get(name)?.config.batch_input_shape
      const sizes = list(shape, 'batch_input_shape').map((size) => Number(size ?? -1))
      return this.graph.placeholder(clean(name), sizes.length > 0 ? sizes : undefined)
    })
  }

  /**
   * Lowers the layers of a model.
   *
   * @param sources names of the nodes that its inputs are
   * @param scope prefix of the names of its nodes
   * @returns names of the nodes that its outputs are
   */
  lower(
    { layers, inputs, outputs }: Topology,
    sources: readonly string[],
    scope: string,
    depth: number,
  ): string[] {
    if (depth > MAX_DEPTH) throw damaged(`more than ${MAX_DEPTH} nested models`)
    const values = new Map<string, readonly string[]>()
    if (sources.length !== inputs.length)
      throw damaged('a nested model is called with a wrong number of inputs')
    inputs.forEach((input, index) => values.set(keyOf(input), [sources[index]]))
    const find = (ref: TensorOf): string | undefined => values.get(keyOf(ref))?.[ref.output]

    let waiting = layers.flatMap((layer) =>
      layer.calls.map((refs, call) => ({
        layer,
        refs,
        ref: { layer: layer.name, call, output: 0 },
      })),
    )
    this.calls += waiting.length
    if (this.calls > MAX_CALLS) throw damaged(`more than ${MAX_CALLS} calls of layers`)
    waiting = waiting.filter(({ ref }) => !values.has(keyOf(ref)))
    // Keras lists layers in an executable order, except for some shared ones.
    for (let round = 0; waiting.length > 0 && round < MAX_ROUNDS; round++) {
      waiting = waiting.filter(({ layer, refs, ref }) => {
        const read = refs.map(find)
        if (!read.every((name) => name !== undefined)) return true
        values.set(keyOf(ref), this.called(layer, read, scope, ref.call, depth))
        return false
      })
    }
    return outputs.map((output) => {
      const name = find(output)
      if (name === undefined) throw damaged('no layer computes an output')
      return name
    })
  }

  /** Lowers a call of a layer; returns the names of its output nodes. */
  private called(
    layer: Layer,
    inputs: readonly string[],
    scope: string,
    call: number,
    depth: number,
  ): string[] {
    const { className, config } = layer
    const name = `${scope}${clean(layer.name)}${call > 0 ? `_${call}` : ''}`
    if (isModel(className)) {
      return this.lower(parseTopology(className, config), inputs, `${name}/`, depth + 1)
    }
    const layerCall = new LayerCall(this.graph, layer, name, inputs)
    const lowered = LAYERS.get(className)?.(layerCall) ?? customLayer(className, layerCall)
    return [lowered ?? this.graph.add(name, className, inputs)]
  }
}

function keyOf({ layer, call }: TensorOf): string {
  return `${call}:${layer}`
}

/** Without `:` and `^`, which have a meaning in the inputs of graph nodes. */
function clean(name: string): string {
  return name.replace(/[^\w./-]+/g, '_')
}
