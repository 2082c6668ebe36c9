/** Layers of published models that their own code defines: see `customLayer` in lib/formats. */
export function registerCustomLayers(tf) {
  class MultiplyBeta extends tf.layers.Layer {
    static className = 'MultiplyBeta'

    constructor({ beta, ...config }) {
      super(config)
      this.beta = beta
    }

    call(inputs) {
      return tf.mul([inputs].flat()[0], this.beta)
    }
  }
  tf.serialization.registerClass(MultiplyBeta)
  for (const scale of [2, 3, 4, 8]) tf.serialization.registerClass(pixelShuffle(tf, scale))
}

function pixelShuffle(tf, scale) {
  return class extends tf.layers.Layer {
    static className = `PixelShuffle${scale}x`

    computeOutputShape([batch, height, width, channels]) {
      const enlarged = [height, width].map((size) => size && size * scale)
      return [batch, ...enlarged, channels / scale ** 2]
    }

    call(inputs) {
      return tf.depthToSpace([inputs].flat()[0], scale, 'NHWC')
    }
  }
}
