import { elements, sameShape } from '@leti/network'
import { Clip } from '../../importer/clip.js'
import { isConstant, type Value } from '../../importer/value.js'
import { ACTIVATIONS } from '../schema.js'
import type { Call } from './call.js'

/**
 * Gives an output the shape that the file states, and applies the activation function that is fused into
 * the operator. A shape of another number of elements does not hold: a runtime computes all shapes.
 */
export function finish(call: Call, value: Value, output: number): Value | undefined {
  const { op, options, outputShapes } = call
  const stated = outputShapes[output]
  const isStated = stated && elements(stated) === elements(value.shape)
  const shape = isStated ? stated : value.shape
  const type = ACTIVATIONS[options.fused_activation_function ?? 0]
  if (isConstant(value)) {
    const shaped = sameShape(shape, value.shape) ? value : op.folding.reshaped(value, shape)
    return shaped && type ? op.named(type).elementwise(type, shaped) : shaped
  }
  // It stays pending, since the next limit may be merged into it.
  if (value instanceof Clip && sameShape(shape, value.shape)) return value
  const settled = op.assembly.settled(op.name, value, shape)
  return type ? op.named(type).elementwise(type, settled) : settled
}
