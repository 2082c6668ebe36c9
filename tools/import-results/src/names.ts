/** Formats of results, as `--from` names them. */
export const SOURCE_NAMES = ['benchmark_model', 'ncnn', 'ai-hub', 'csv'] as const

export type SourceName = (typeof SOURCE_NAMES)[number]
