import { alexnet } from './alexnet.js'
import type { Architecture } from './architecture.js'
import { convnextTiny } from './convnext.js'
import { deitTiny } from './deit.js'
import { densenet121 } from './densenet.js'
import { EFFICIENTNETS } from './efficientnet.js'
import { ghostnet } from './ghostnet.js'
import { googlenet } from './googlenet.js'
import { inceptionV3 } from './inception.js'
import { mnasnetA1, mnasnetB1 } from './mnasnet.js'
import { mobilenetV1 } from './mobilenet-v1.js'
import { mobilenetV2 } from './mobilenet-v2.js'
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet-v3.js'
import { nasnetMobile } from './nasnet.js'
import { proxylessnasMobile } from './proxylessnas.js'
import { REGNETS } from './regnet.js'
import { RESNETS_V1, RESNETS_V2 } from './resnet.js'
import { shufflenetV2 } from './shufflenet.js'
import { squeezenet10, squeezenet11 } from './squeezenet.js'
import { vgg16 } from './vgg.js'
import { xception } from './xception.js'

/** The networks of the zoo, by name. */
export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  alexnet,
  vgg16,
  googlenet,
  inception_v3: inceptionV3,
  ...RESNETS_V1,
  ...RESNETS_V2,
  densenet121,
  squeezenet1_0: squeezenet10,
  squeezenet1_1: squeezenet11,
  mobilenet_v1: mobilenetV1,
  mobilenet_v2: mobilenetV2,
  mobilenet_v3_small: mobilenetV3Small,
  mobilenet_v3_large: mobilenetV3Large,
  mnasnet_a1: mnasnetA1,
  mnasnet_b1: mnasnetB1,
  shufflenet_v2: shufflenetV2,
  ...EFFICIENTNETS,
  nasnet_mobile: nasnetMobile,
  xception,
  ...REGNETS,
  ghostnet,
  proxylessnas_mobile: proxylessnasMobile,
  convnext_tiny: convnextTiny,
  deit_tiny: deitTiny,
}
