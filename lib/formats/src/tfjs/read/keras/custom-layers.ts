import { integer, NHWC } from '../../schema.js'
import type { LayerCall } from './layer-call.js'

/**
 * Lowers a layer that is none of Keras, but that published models define in code beside the file. Its class and
 * configuration say what it does: those of image super-resolution, as in `MultiplyBeta` and `PixelShuffle` of
 * https://github.com/idealo/image-super-resolution/tree/master/ISR/models
 */
export function customLayer(className: string, call: LayerCall): string | undefined {
  const { beta, scale } = call.config
  if (className === 'MultiplyBeta' && typeof beta === 'number') {
    return call.add('Mul', [call.input, call.scalar('beta', beta)])
  }
  if (/^PixelShuffle(\dx)?$/.test(className) && Number.isInteger(scale)) {
    const block_size = integer(Number(scale))
    return call.add('DepthToSpace', [call.input], { block_size, data_format: NHWC })
  }
  return undefined
}
