import { FLOAT } from '../../schema.js'
import type { LayerCall } from './layer-call.js'

/** Adds the nodes of an activation; returns the name of the last, which `part` determines. */
type ActivationLowering = (call: LayerCall, input: string, part: string) => string

/** Keras' activations by their names. https://keras.io/api/layers/activations/ */
const ACTIVATIONS: ReadonlyMap<string, ActivationLowering> = new Map<string, ActivationLowering>([
  ['linear', (call, input, part) => call.add('Identity', [input], {}, part)],
  ['swish', swish],
  ['silu', swish],
  ['hard_sigmoid', hardSigmoid],
  ['relu', operator('Relu')],
  ['relu6', operator('Relu6')],
  ['elu', operator('Elu')],
  ['selu', operator('Selu')],
  ['gelu', operator('Gelu')],
  ['sigmoid', operator('Sigmoid')],
  ['tanh', operator('Tanh')],
  ['softmax', operator('Softmax')],
  ['softplus', operator('Softplus')],
  ['softsign', operator('Softsign')],
  ['mish', operator('Mish')],
  ['gelu_new', operator('GeluNew')],
  ['log_softmax', operator('LogSoftmax')],
  ['exponential', operator('Exp')],
])

/** Adds the nodes of an activation; one that LETI does not know becomes an operator of its name. */
export function activation(call: LayerCall, input: string, value: unknown, part = ''): string {
  const name = typeof value === 'string' ? value : 'linear'
  return (ACTIVATIONS.get(name) ?? operator(name))(call, input, part)
}

function operator(op: string): ActivationLowering {
  return (call, input, part) => call.add(op, [input], { T: FLOAT }, part)
}

function swish(call: LayerCall, input: string, part: string): string {
  const gate = call.add('Sigmoid', [input], {}, 'gate')
  return call.add('Mul', [input, gate], {}, part)
}

/** `0.2 * x + 0.5` clamped to [0, 1], as a sixth of a ReLU6 of six times that. */
function hardSigmoid(call: LayerCall, input: string, part: string): string {
  const scaled = call.add('Mul', [input, call.scalar('factor', 1.2)], {}, 'scaled')
  const shifted = call.add('AddV2', [scaled, call.scalar('summand', 3)], {}, 'shifted')
  const gate = call.add('Relu6', [shifted], {}, 'gate')
  return call.add('Mul', [gate, call.scalar('sixth', 1 / 6)], {}, part)
}

/** The layer `ReLU`; undefined if it combines a slope with a limit, or has a threshold. */
export function relu(call: LayerCall): string | undefined {
  const slope = call.number('negative_slope', 0)
  const highest = call.config.max_value ?? Infinity
  if (call.number('threshold', 0) !== 0) return undefined
  if (slope === 0) {
    const limits = [call.scalar('low', 0), call.scalar('high', Number(highest))]
    return call.add('ClipByValue', [call.input, ...limits])
  }
  return highest === Infinity ? leakyRelu(call, slope) : undefined
}

export function leakyRelu(call: LayerCall, alpha: number): string {
  return call.add('LeakyRelu', [call.input], { alpha: { f: alpha } })
}
