/** The spaces that can be searched. */
export const SEARCH_SPACES = ['nb101', 'nb201', 'fbnet', 'zoo'] as const

export type SearchSpaceName = (typeof SEARCH_SPACES)[number]

export const METHODS = ['exhaustive', 'evolution', 'random'] as const

export type Method = (typeof METHODS)[number]
