/** The spaces whose architectures are lists of independent choices: those with `choices`. */
export const CHOICE_SPACES = ['nb201', 'fbnet'] as const

export { STRATIFICATIONS } from './nb101/stratifications.js'
