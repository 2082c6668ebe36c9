/** The runtimes whose fusion rules LETI knows; `fusion-rules.ts` has the rules. */
export const RUNTIMES_WITH_RULES = ['tfjs', 'litert', 'tflite-gpu'] as const

export type RuntimeWithRules = (typeof RUNTIMES_WITH_RULES)[number]
