import type { Offers } from '../target.js'
import { RUNTIMES } from './registry.js'

/** The runtimes that run in a Node process, with their backends. */
export function nodeOffers(): Offers {
  return offersOf('node')
}

/**
 * The runtimes that run in a page, with their backends.
 *
 * @param preferred backends to put first, the default before the others
 */
export function pageOffers(preferred: readonly string[] = []): Offers {
  const rank = (backend: string): number =>
    preferred.includes(backend) ? preferred.indexOf(backend) : preferred.length
  const offers = Object.entries(offersOf('page'))
  return Object.fromEntries(
    offers.map(([name, backends]) => [name, [...backends].sort((a, b) => rank(a) - rank(b))]),
  )
}

function offersOf(side: 'node' | 'page'): Offers {
  return Object.fromEntries(
    Object.entries(RUNTIMES).flatMap(([name, runtime]) => {
      const backends = runtime[side]?.backends
      return backends ? [[name, backends]] : []
    }),
  )
}
