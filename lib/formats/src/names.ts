/** The formats that LETI writes; `format.ts` has their code. */
export const FORMATS = ['tfjs', 'tflite'] as const

export type Format = (typeof FORMATS)[number]

export { WEIGHT_TYPES } from './weights/weights.js'
