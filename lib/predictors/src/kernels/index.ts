import { LetiError } from '@leti/records'
import type { PredictorKind } from '../kind.js'
import type { Sample } from '../sample.js'
import type { KernelSample } from './costs.js'
import { fitKernels } from './fit.js'
import { KernelsModel } from './model.js'
import { toParameters } from './parameters.js'

/**
 * A network costs what its kernels cost: for each kind of kernel a sum of what limits it (launch,
 * multiply-accumulates, bytes), corrected by what kernels of similar sizes took. It is learned from
 * kernels that were measured by themselves, from whole networks, or from both, and it judges any
 * network. The sum of kernels is nn-Meter's: Zhang et al., "nn-Meter: Towards Accurate Latency
 * Prediction of Deep-Learning Model Inference on Diverse Edge Devices", MobiSys 2021.
 */
export const kernels: PredictorKind = {
  summary: 'the sum of what the kernels cost, for any network',
  usesKernels: true,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples) {
    return fitKernels(samples.map(toKernelSample))
  },

  fromJSON: (parameters) => new KernelsModel(toParameters(parameters)),
}

function toKernelSample({ kernels, latency_ms }: Sample): KernelSample {
  if (kernels) return { kernels, latency_ms }
  throw new LetiError('usage', 'the records have no "kernels": run featurize --kernels first')
}
