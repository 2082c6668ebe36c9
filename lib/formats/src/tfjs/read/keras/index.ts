import { LetiError } from '@leti/records'
import type { Constant } from '../../../importer/constant.js'
import { damaged, list, object, text, type Json } from '../json.js'
import { LayerCall } from './layer-call.js'
import { LAYERS } from './layers.js'
import { Lowering } from './lowering.js'
import { isModel, parseTopology, type Layer, type TensorOf, type Topology } from './topology.js'

/** More models within models than any has. */
const MAX_DEPTH = 16

/** More calls of layers than any model has: shared models within models could ask for any number. */
const MAX_CALLS = 2 ** 16

/** More layers that are listed before what they read, one after the other, than any model has. */
const MAX_ROUNDS = 64

/** A graph model: its `model.json`, and its weights by the names of their nodes. */
export interface LoweredModel {
  readonly json: Json
  readonly constants: ReadonlyMap<string, Constant>
}

/**
 * A layers model as a graph model, as TensorFlow's converter makes one of it.
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
    throw new LetiError('unsupported', 'a layers model of a class of its own')
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

  /** The nodes of the model's inputs. */
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
   * @param inputs the nodes that it reads
   * @param scope of the names of its nodes
   * @returns the nodes that it gives
   */
  lower(
    { layers, inputs, outputs }: Topology,
    sources: readonly string[],
    scope: string,
    depth: number,
  ): string[] {
    if (depth > MAX_DEPTH) throw damaged('models within models')
    const values = new Map<string, readonly string[]>()
    if (sources.length !== inputs.length) throw damaged('a model lacks an input')
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
    if (this.calls > MAX_CALLS) throw damaged('its layers are without end')
    waiting = waiting.filter(({ ref }) => !values.has(keyOf(ref)))
    // Keras lists layers in an order that runs, but for some that are shared.
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
      if (name === undefined) throw damaged('nothing computes an output')
      return name
    })
  }

  /** The nodes that a call of a layer gives. */
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
    const lowered = LAYERS.get(className)?.(new LayerCall(this.graph, layer, name, inputs))
    return [lowered ?? this.graph.add(name, className, inputs)]
  }
}

function keyOf({ layer, call }: TensorOf): string {
  return `${call}:${layer}`
}

/** A name that is no reference to an output, and no order to run before. */
function clean(name: string): string {
  return name.replace(/[^\w./-]+/g, '_')
}
