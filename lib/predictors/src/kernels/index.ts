import { LetiError } from '@leti/records'
import type { PredictorKind } from '../kind.js'
import type { Sample } from '../sample.js'
import type { KernelSample } from './costs.js'
import { fitKernels } from './fit.js'
import { KernelsModel } from './model.js'
import { KERNELS, type KernelsParameters } from './parameters.js'

/**
 * Predicts a network as the sum of its kernels. The cost of a kernel is a non-negative sum of cost terms
 * (launches, multiply-accumulates, bytes) with weights per group of kernels, corrected by measured kernels
 * of similar sizes. It is trained on single kernels, on whole networks, or on both, and predicts networks of
 * any search space. The sum of kernels follows nn-Meter: Zhang et al., "nn-Meter: Towards Accurate Latency
 * Prediction of Deep-Learning Model Inference on Diverse Edge Devices", MobiSys 2021.
 */
export const kernels: PredictorKind = {
  usesKernels: true,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples) {
    return fitKernels(samples.map(toKernelSample))
  },

  schema: KERNELS,

  fromJSON(parameters: KernelsParameters) {
    checkCorrections(parameters)
    return new KernelsModel(parameters)
  },
}

/** @throws {LetiError} `usage` if the sizes of a correction's lists do not fit together */
function checkCorrections({ groups }: KernelsParameters): void {
  for (const { group, correction } of groups) {
    if (!correction) continue
    const { points, alpha } = correction
    const isEven = points.every((point) => point.length === points[0].length)
    if (isEven && points.length && points.length === alpha.length) continue
    const message = `the correction of ${group} must have points of one length, and as many of "alpha"`
    throw new LetiError('usage', message)
  }
}

function toKernelSample({ kernels, latency_ms }: Sample): KernelSample {
  if (kernels) return { kernels, latency_ms }
  throw new LetiError('usage', 'the records have no "kernels": run featurize --kernels first')
}
