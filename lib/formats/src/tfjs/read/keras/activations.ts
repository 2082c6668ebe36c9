import { FLOAT } from '../../schema.js'
import type { LayerCall } from './layer-call.js'

/** Keras' functions of one element, by TensorFlow's names of them. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['relu', 'Relu'],
  ['relu6', 'Relu6'],
  ['elu', 'Elu'],
  ['selu', 'Selu'],
  ['gelu', 'Gelu'],
  ['sigmoid', 'Sigmoid'],
  ['tanh', 'Tanh'],
  ['softmax', 'Softmax'],
  ['softplus', 'Softplus'],
  ['softsign', 'Softsign'],
  ['mish', 'Mish'],
  ['gelu_new', 'GeluNew'],
  ['log_softmax', 'LogSoftmax'],
  ['exponential', 'Exp'],
])

/** The nodes of an activation by its name in Keras; an unknown one is kept by that name. */
export function activation(call: LayerCall, input: string, value: unknown, part = ''): string {
  const name = typeof value === 'string' ? value : 'linear'
  switch (name) {
    case 'linear':
      return call.add('Identity', [input], {}, part)
    case 'swish':
    case 'silu': {
      const gate = call.add('Sigmoid', [input], {}, 'gate')
      return call.add('Mul', [input, gate], {}, part)
    }
    // 0.2 x + 0.5 between 0 and 1: a ReLU6 of six times that, over six.
    case 'hard_sigmoid': {
      const scaled = call.add('Mul', [input, call.scalar('factor', 1.2)], {}, 'scaled')
      const shifted = call.add('AddV2', [scaled, call.scalar('summand', 3)], {}, 'shifted')
      const gate = call.add('Relu6', [shifted], {}, 'gate')
      return call.add('Mul', [gate, call.scalar('sixth', 1 / 6)], {}, part)
    }
    default:
      return call.add(OPERATORS.get(name) ?? name, [input], { T: FLOAT }, part)
  }
}

/** The layer `ReLU`. */
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
