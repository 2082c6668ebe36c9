import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'

/** Filters of the three stages and of the last convolution, by width. */
const FILTERS: Readonly<Record<number, readonly number[]>> = {
  0.5: [48, 96, 192, 1024],
  1: [116, 232, 464, 1024],
  1.5: [176, 352, 704, 1024],
  2: [244, 488, 976, 2048],
}
const REPEATS = [4, 8, 4]

/** Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design", ECCV 2018. */
export const shufflenetV2: Architecture = {
  resolution: 224,
  resolutions: ANY,
  widths: Object.keys(FILTERS)
    .map(Number)
    .sort((a, b) => a - b),
  build: (net, image, { width, classes }) => {
    const filters = FILTERS[width]
    let x = net.convBn(image, 24, { size: 3, stride: 2, act: 'relu' })
    x = net.maxPool(x, { size: 3, stride: 2 })
    for (const [stage, repeats] of REPEATS.entries()) {
      x = downsampled(net, x, filters[stage] / 2)
      for (let unit = 1; unit < repeats; unit++) x = basicUnit(net, x)
    }
    return net.classifier(net.convBn(x, filters[3], { act: 'relu' }), classes)
  },
}

/** Both branches halve the image; each gives `filters` channels. */
function downsampled(net: Layers, x: number, filters: number): number {
  const left = net.convBn(net.depthwiseBn(x, { size: 3, stride: 2 }), filters, { act: 'relu' })
  return shuffled(net, net.concat(left, branch(net, x, filters, 2)))
}

/** Half of the channels pass unchanged. */
function basicUnit(net: Layers, x: number): number {
  const half = net.channels(x) / 2
  const right = branch(net, net.slice(x, half, half), half, 1)
  return shuffled(net, net.concat(net.slice(x, 0, half), right))
}

function branch(net: Layers, x: number, filters: number, stride: number): number {
  const y = net.convBn(x, filters, { act: 'relu' })
  return net.convBn(net.depthwiseBn(y, { size: 3, stride }), filters, { act: 'relu' })
}

/** Interleaves the channels of the two halves; every GPU can transpose the three axes. */
function shuffled(net: Layers, x: number): number {
  const [height, width, channels] = net.shape(x)
  const halves = net.reshape(x, height * width, 2, channels / 2)
  const pairs = net.op({ type: 'transpose', permutation: [0, 2, 1] }, halves)
  return net.reshape(pairs, height, width, channels)
}
