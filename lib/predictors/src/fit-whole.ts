import type { FindKind, FitOptions } from './kind.js'
import type { Model } from './model.js'
import type { Sample } from './sample.js'

/** Fits kinds to all samples, in the threads of the options if there are any. */
export async function fitWhole(
  names: readonly string[],
  findKind: FindKind,
  samples: readonly Sample[],
  options: FitOptions,
): Promise<Record<string, Model>> {
  const { fitKind, latencyScale, progress } = options
  progress?.expect(names.length)
  const fit = async (name: string): Promise<[string, Model]> => {
    const kind = findKind(name)
    const model = fitKind
      ? kind.fromJSON(await fitKind(name), latencyScale, findKind)
      : await kind.fit(samples, options)
    progress?.tick(`${name}: fitted to all networks`)
    return [name, model]
  }
  return Object.fromEntries(await Promise.all(names.map(fit)))
}
