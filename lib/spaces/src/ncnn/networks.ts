import type { Architecture } from '../zoo/architecture.js'
import { ARCHITECTURES } from '../zoo/architectures.js'
import { googlenetOfPaper } from '../zoo/googlenet.js'
import { mobilenetV3LargeOfNcnn } from '../zoo/mobilenet-v3.js'
import { resnet50OfPaper } from '../zoo/resnet.js'
import { squeezenet11Padded } from '../zoo/squeezenet.js'

/** A network of ncnn's benchmark; the resolution defaults to the published one. */
interface Benchmarked {
  readonly architecture: Architecture
  readonly resolution?: number
}

/**
 * The networks of https://github.com/Tencent/ncnn/tree/master/benchmark that the zoo has, by ncnn's
 * names, at the resolutions of `benchncnn.cpp`. Its `.param` files differ in details: MobileNet v2 has one
 * more 1x1 convolution in its first block; ProxylessNAS has 32 filters in its first block, not 16;
 * ResNet-18 has one more projection; MobileNet v3 does not round the squeezed channels; all ReLU6 are
 * ReLU. ncnn's AlexNet is missing here: it is the network of 2012, with groups, not that of the zoo.
 */
export const NETWORKS: Readonly<Record<string, Benchmarked>> = {
  squeezenet: { architecture: squeezenet11Padded, resolution: 227 },
  mobilenet: { architecture: ARCHITECTURES.mobilenet_v1 },
  mobilenet_v2: { architecture: ARCHITECTURES.mobilenet_v2 },
  mobilenet_v3: { architecture: mobilenetV3LargeOfNcnn },
  shufflenet_v2: { architecture: ARCHITECTURES.shufflenet_v2 },
  mnasnet: { architecture: ARCHITECTURES.mnasnet_b1 },
  proxylessnasnet: { architecture: ARCHITECTURES.proxylessnas_mobile },
  efficientnet_b0: { architecture: ARCHITECTURES.efficientnet_b0 },
  regnety_400m: { architecture: ARCHITECTURES.regnet_y_400mf },
  googlenet: { architecture: googlenetOfPaper },
  resnet18: { architecture: ARCHITECTURES.resnet18 },
  resnet50: { architecture: resnet50OfPaper },
  vgg16: { architecture: ARCHITECTURES.vgg16 },
}
