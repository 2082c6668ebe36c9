import type { Architecture } from './architecture.js'

/**
 * AlexNet for one GPU, as in torchvision. Krizhevsky, "One weird trick for parallelizing
 * convolutional neural networks", 2014.
 */
export const alexnet: Architecture = {
  resolution: 224,
  resolutions: [224, 224],
  build: (net, image, { classes }) => {
    const act = 'relu'
    const pool = { size: 3, stride: 2, padding: 'valid' } as const
    const padded = net.pad(image, 2, 2)
    let x = net.conv(padded, 64, { size: 11, stride: 4, padding: 'valid', act })
    x = net.conv(net.maxPool(x, pool), 192, { size: 5, act })
    x = net.conv(net.maxPool(x, pool), 384, { size: 3, act })
    x = net.conv(x, 256, { size: 3, act })
    x = net.conv(x, 256, { size: 3, act })
    x = net.reshape(net.maxPool(x, pool), 6 * 6 * 256)
    x = net.dense(x, 4096, act)
    return net.dense(net.dense(x, 4096, act), classes)
  },
}
