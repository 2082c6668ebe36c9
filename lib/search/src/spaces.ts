import { LetiError } from '@leti/records'
import { parseConfig, settingsOf, type Cells } from '@leti/spaces'
import { cellSpace } from './cell-space.js'
import { choiceSpace } from './choice-space.js'
import type { SearchSpaceName } from './names.js'
import type { SearchSpace } from './space.js'
import { zooSpace } from './zoo-space.js'

/** What differs from the published networks, by the names of the members of `arch`. */
type Given = Readonly<Record<string, unknown>>

/** The members that the zoo takes. */
const ZOO_OPTIONS = ['resolution', 'width', 'num_labels']

/**
 * A search space by its name.
 *
 * @param given what differs from the published networks
 * @param cells the cells of NAS-Bench-101; absent if it is not to be listed
 * @throws {LetiError} `bad-arch` or `usage` if the space has no such networks
 */
export function searchSpace(
  name: SearchSpaceName,
  given: Given,
  cells?: Cells,
): SearchSpace<unknown> {
  switch (name) {
    case 'nb101':
      return cellSpace(parseConfig(given), cells)
    case 'nb201':
    case 'fbnet':
      return choiceSpace(name, settingsOf(name, given))
    case 'zoo':
      return zooSpace(zooOptions(given))
  }
}

function zooOptions(given: Given): Given {
  const unknown = Object.keys(given).find((name) => !ZOO_OPTIONS.includes(name))
  if (unknown === undefined) return given
  const known = ZOO_OPTIONS.join(', ')
  throw new LetiError('usage', `the zoo has no ${JSON.stringify(unknown)}; it has ${known}`)
}
