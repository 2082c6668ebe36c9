/** What strata of cells may go by. */
export const STRATIFICATIONS = ['vertices', 'edges', 'macs'] as const

export type Stratification = (typeof STRATIFICATIONS)[number]
